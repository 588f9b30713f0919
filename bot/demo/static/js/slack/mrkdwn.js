/**
 * Slack's mrkdwn, read into the parts that rich_text is made of, so that both are drawn alike.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
const MARKS = { "*": "bold", _: "italic", "~": "strike" };
const ENTITY = /<([^<>\n]+)>/y;
const ADDRESS = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"]/y;
const EMOJI = /:([a-z0-9_+-]+):/y;
const WORD = /[\p{L}\p{N}]/u;

/** Undo Slack's three escapes. */
export const unescaped = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

/** Parts of a whole text: sections, quotes and preformatted parts. */
export function parse(text, { verbatim = false } = {}) {
  return text
    .split(/```\n?([\s\S]+?)\n?```\n?/)
    .flatMap((part, index) => (index % 2 ? [preformatted(part)] : paragraphs(part, verbatim)));
}

const preformatted = (text) => ({ type: "rich_text_preformatted", elements: entities(text) });

function paragraphs(text, verbatim) {
  const parts = [];
  let rest = false;
  for (const line of text.replace(/^\n|\n$/g, "").split("\n")) {
    const quoted = rest ? [null, "", line] : /^(?:>|&gt;)((?:>|&gt;){2})? ?(.*)$/.exec(line);
    rest ||= Boolean(quoted?.[1]);
    const type = quoted ? "rich_text_quote" : "rich_text_section";
    if (parts.at(-1)?.type === type) parts.at(-1).lines.push(quoted ? quoted[2] : line);
    else parts.push({ type, lines: [quoted ? quoted[2] : line] });
  }
  return parts
    .map(({ type, lines }) => ({ type, elements: inline(lines.join("\n"), { verbatim }) }))
    .filter(({ elements }) => elements.length);
}

/** Parts of one paragraph. */
export function inline(text, { style = {}, verbatim = false } = {}) {
  const found = [];
  let words = "";
  const add = (...parts) => {
    if (words) found.push({ type: "text", text: unescaped(words), style });
    words = "";
    found.push(...parts);
  };
  let at = 0;
  while (at < text.length) {
    const part = partAt(text, at, style, verbatim);
    if (part) {
      add(...part.parts);
      at = part.end;
    } else words += text[at++];
  }
  add();
  return found;
}

function partAt(text, at, style, verbatim) {
  const sign = text[at];
  if (sign === "<") return matched(ENTITY, text, at, (found) => entity(found[1], style));
  if (sign === ":") return matched(EMOJI, text, at, (found) => ({ type: "emoji", name: found[1], style }));
  if (sign === "h" && !verbatim) {
    return matched(ADDRESS, text, at, ([url]) => ({ type: "link", url: unescaped(url), style }));
  }
  if (sign !== "`" && !MARKS[sign]) return null;
  const end = closing(text, at, sign);
  if (end < 0) return null;
  const within = text.slice(at + 1, end);
  if (sign === "`") return { parts: entities(within, { ...style, code: true }), end: end + 1 };
  return { parts: inline(within, { style: { ...style, [MARKS[sign]]: true }, verbatim }), end: end + 1 };
}

function matched(pattern, text, at, part) {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found && { parts: [part(found)], end: at + found[0].length };
}

/** Where a mark that opens at `at` closes; -1 if it is no mark there. A mark stands at the edges of words. */
function closing(text, at, sign) {
  const opens = !WORD.test(text[at - 1] ?? "") && text[at - 1] !== sign && /[^\s]/.test(text[at + 1] ?? " ");
  if (!opens || text[at + 1] === sign) return -1;
  for (let end = at + 2; end < text.length && text[end] !== "\n"; end++) {
    const closes = text[end] === sign && !/\s/.test(text[end - 1]) && !WORD.test(text[end + 1] ?? "");
    if (closes && text[end + 1] !== sign) return end;
  }
  return -1;
}

/** Text in which nothing but entities means anything. */
function entities(text, style = {}) {
  return text.split(/(<[^<>\n]+>)/).flatMap((part) => {
    if (!part) return [];
    return /^<.+>$/.test(part) ? [entity(part.slice(1, -1), style)] : [{ type: "text", text: unescaped(part), style }];
  });
}

function entity(inside, style) {
  const bar = inside.indexOf("|");
  const [target, label] = bar < 0 ? [inside, ""] : [inside.slice(0, bar), unescaped(inside.slice(bar + 1))];
  const rest = target.slice(1);
  if (target[0] === "@") return { type: "user", user_id: rest, label, style };
  if (target[0] === "#") return { type: "channel", channel_id: rest, label, style };
  if (target[0] !== "!") return { type: "link", url: unescaped(target), text: label, style };
  const [kind, ...more] = rest.split("^");
  if (kind === "date") {
    return { type: "date", timestamp: more[0], format: unescaped(more[1] ?? ""), url: more[2], fallback: label, style };
  }
  if (kind === "subteam") return { type: "usergroup", usergroup_id: more[0], label, style };
  return { type: "broadcast", range: kind, label, style };
}
