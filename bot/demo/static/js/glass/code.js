/** JSON and SQL as they were, readable: indented, coloured, to be copied. */
import { html, useState } from "../html.js";
import { Check, Copy } from "../icons.js";
import { t } from "../words.js";

const JSON_PARTS = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const SQL_PARTS = /('(?:''|[^'])*')|\b([A-Z]{2,})\b|(\?\d*)/g;
const COPIED_MS = 2000;

/** A value as JSON. */
export const Json = ({ value, label }) => html`<${Code} text=${JSON.stringify(value, null, 2) ?? "null"} parts=${jsonParts} label=${label} />`;

/** A statement. */
export const Sql = ({ text, label }) => html`<${Code} text=${broken(text)} parts=${sqlParts} label=${label} />`;

function Code({ text, parts, label }) {
  return html`<div class="gl-code">
    <${CopyButton} text=${text} label=${label} />
    <pre class="gl-pre" tabindex="0" role="region" aria-label=${label}><code>${parts(text)}</code></pre>
  </div>`;
}

function CopyButton({ text, label }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return; // the browser does not let pages copy; the text can still be marked
    }
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  const words = t("Kopieren", "Copy");
  return html`<button type="button" class="gl-copy" aria-label=${`${words}: ${label}`} title=${words} onClick=${copy}>
    ${copied ? html`<${Check} size=${15} />` : html`<${Copy} size=${15} />`}
    <span class="hidden" role="status">${copied ? t("Kopiert", "Copied") : ""}</span>
  </button>`;
}

/** Split a text at the matches of a pattern; `kind` names the class of a match. */
function split(text, pattern, kind) {
  const found = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) found.push(text.slice(at, match.index));
    found.push(...kind(match));
    at = match.index + match[0].length;
  }
  found.push(text.slice(at));
  return found;
}

const mark = (kind, text) => html`<span class=${`gl-${kind}`}>${text}</span>`;

function jsonParts(text) {
  return split(text, JSON_PARTS, ([whole, string, colon, word]) => {
    if (string && colon) return [mark("key", string), colon];
    return [mark(string ? "string" : word ? "word" : "number", whole)];
  });
}

const sqlParts = (text) => split(text, SQL_PARTS, ([whole, string, word]) => [mark(string ? "string" : word ? "word" : "number", whole)]);

/** Each clause on a line of its own. */
const broken = (sql) => sql.replace(/ (VALUES|SET|WHERE|ON CONFLICT|DO UPDATE|RETURNING|FROM|AND)\b/g, "\n  $1");
