/** Running text: rich_text, text objects, links. */
import { html } from "../html.js";
import { known, lookAt } from "../store.js";
import { t } from "../words.js";
import { follow, safe, staysHere } from "./deeds.js";
import { emoji, withEmoji } from "./emoji.js";
import { parse } from "./mrkdwn.js";
import { conversations, myself, nameOf } from "./seen.js";
import { patterned } from "./times.js";

/** A link: to another place of this page, or to a new tab. */
export function Link({ url, children, className = "sl-link", onFollow }) {
  const here = staysHere(url);
  const onClick = (event) => {
    onFollow?.();
    if (!here) return;
    event.preventDefault();
    follow(url);
  };
  if (!safe(url)) return html`<span>${children}</span>`;
  return html`<a class=${className} href=${url} target="_blank" rel="noopener noreferrer" onClick=${onClick}>${children}</a>`;
}

const Mention = ({ id, label }) => {
  const mine = id === myself();
  return html`<span class=${mine ? "sl-mention sl-mention-me" : "sl-mention"}>@${known().slack.users[id] ? nameOf(id) : label || id}</span>`;
};

function ChannelName({ id, label }) {
  const channel = conversations(known(), myself()).channels.find((each) => each.id === id);
  const name = `#${known().slack.channels[id]?.name || label || id}`;
  if (!channel) return html`<span class="sl-mention">${name}</span>`;
  return html`<button type="button" class="sl-mention sl-mention-channel" onClick=${() => lookAt({ slack: id, thread: null })}>${name}</button>`;
}

function bare(part) {
  switch (part.type) {
    case "text":
      return part.text;
    case "link":
      return html`<${Link} url=${part.url}>${part.text || (part.url ?? "").replace(/^mailto:|^tel:/, "")}<//>`;
    case "user":
      return html`<${Mention} id=${part.user_id} label=${part.label} />`;
    case "channel":
      return html`<${ChannelName} id=${part.channel_id} label=${part.label} />`;
    case "usergroup":
      return html`<span class="sl-mention">${part.label || `@${part.usergroup_id}`}</span>`;
    case "broadcast":
      return html`<span class="sl-mention sl-mention-me">@${part.range}</span>`;
    case "emoji":
      return emoji(part.name, part.unicode);
    case "date": {
      const words = patterned(part.timestamp, part.format ?? "", part.fallback);
      return part.url ? html`<${Link} url=${part.url}>${words}<//>` : html`<time>${words}</time>`;
    }
    case "color":
      return html`<code>${part.value}</code>`;
    default:
      return part.text ?? part.fallback ?? "";
  }
}

const TAGS = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };

function Span({ part }) {
  const styles = Object.keys(TAGS).filter((name) => part.style?.[name]);
  return styles.reduceRight((inner, name) => html`<${TAGS[name]}>${inner}<//>`, bare(part));
}

const spans = (elements) => (elements ?? []).map((part) => html`<${Span} part=${part} />`);

function Part({ part }) {
  switch (part.type) {
    case "rich_text_section":
      return html`<div class="sl-p">${spans(part.elements)}</div>`;
    case "rich_text_quote":
      return html`<blockquote class="sl-quote">${spans(part.elements)}</blockquote>`;
    case "rich_text_preformatted":
      return html`<pre class="sl-pre" tabindex="0">${spans(part.elements)}</pre>`;
    case "rich_text_list": {
      const items = part.elements.map((item) => html`<li>${spans(item.elements)}</li>`);
      const name = `sl-list sl-indent-${Math.min(part.indent ?? 0, 8)}`;
      return part.style === "ordered"
        ? html`<ol class=${name} start=${(part.offset ?? 0) + 1}>${items}</ol>`
        : html`<ul class=${name}>${items}</ul>`;
    }
    default:
      return html`<${Unknown} type=${part.type} />`;
  }
}

/** The parts of a rich_text block. */
export const Rich = ({ elements }) => html`<div class="sl-text">${(elements ?? []).map((part) => html`<${Part} part=${part} />`)}</div>`;

/** A plain_text or mrkdwn object, as a part of its own. */
export function Text({ of }) {
  if (of?.type !== "mrkdwn") return html`<div class="sl-text"><div class="sl-p">${plainOf(of)}</div></div>`;
  return html`<${Rich} elements=${parse(of.text, { verbatim: of.verbatim })} />`;
}

/** A text object within a line. */
export function Inline({ of }) {
  if (of?.type !== "mrkdwn") return plainOf(of);
  return parse(of.text, { verbatim: of.verbatim }).flatMap((part) => spans(part.elements));
}

/** The words of a plain_text object. */
export const plainOf = (of) => (of?.emoji === false ? of.text : withEmoji(of?.text ?? ""));

/** What stands in the place of something that this page cannot draw. */
export const Unknown = ({ type }) => html`<p class="sl-unknown">
  ${t("Diesen Block kenne ich nicht", "I do not know this block")}: <code>${String(type)}</code>
</p>`;
