/** Text as a message shows it: every entity as what it is. Texts become text nodes, never markup. */
import { html, useEffect, useRef, useState } from "../html.js";
import { known } from "../store.js";
import { t } from "../words.js";
import { leadsTo, partsOf } from "./entities.js";
import { nameOf } from "./names.js";
import { distance, formatted, fullMoment } from "./times.js";

const BLOCKS = ["pre", "blockquote", "expandable_blockquote"];
const isBlock = (part) => typeof part === "object" && BLOCKS.includes(part.entity.type);

/**
 * A text with its entities.
 * `room` acts: say(command), open(url), visit(chat).
 */
export const RichText = ({ text, entities, room }) => html`<${Parts} parts=${partsOf(text, entities)} room=${room} />`;

/** `linked`: inside a link already, where there can be no other. */
function Parts({ parts, room, linked = false }) {
  return parts.map((part, at) => {
    if (typeof part !== "string") return html`<${Entity} key=${at} ...${part} room=${room} linked=${linked} />`;
    // A block stands on lines of its own; the line breaks around it would make empty ones.
    if (isBlock(parts[at - 1])) part = part.replace(/^\n/, "");
    if (isBlock(parts[at + 1])) part = part.replace(/\n$/, "");
    return part;
  });
}

function Entity({ entity, text, parts, room, linked }) {
  const inner = (inLink = linked) => html`<${Parts} parts=${parts} room=${room} linked=${inLink} />`;
  switch (entity.type) {
    case "bold":
      return html`<b>${inner()}</b>`;
    case "italic":
      return html`<i>${inner()}</i>`;
    case "underline":
      return html`<u>${inner()}</u>`;
    case "strikethrough":
      return html`<s>${inner()}</s>`;
    case "code":
      return html`<code class="tg-code">${text}</code>`;
    case "pre":
      return html`<pre class="tg-pre" tabindex="0" role="group" aria-label=${entity.language || t("Code", "Code")}>${text}</pre>`;
    case "blockquote":
      return html`<blockquote class="tg-quote">${inner()}</blockquote>`;
    case "expandable_blockquote":
      return html`<${LongQuote}>${inner()}<//>`;
    case "date_time":
      return html`<${Moment} entity=${entity} text=${text} />`;
    case "spoiler":
      return linked ? html`<span>${inner()}</span>` : html`<${Spoiler} text=${text}>${inner()}<//>`;
  }
  return linked ? inner() : html`<${Link} entity=${entity} text=${text} room=${room}>${inner(true)}<//>`;
}

/** What can be followed; anything unknown is plain text. */
function Link({ entity, text, room, children }) {
  const { bot } = known().telegram;
  switch (entity.type) {
    case "url":
    case "text_link":
      return html`<${Address} to=${leadsTo(entity.url ?? text, bot.username)} room=${room}>${children}<//>`;
    case "email":
      return html`<a class="tg-link" href="mailto:${text}">${children}</a>`;
    case "phone_number":
      return html`<a class="tg-link" href="tel:${text.replace(/[^+\d]/g, "")}">${children}</a>`;
    case "bot_command":
      return html`<button type="button" class="tg-link" onClick=${() => room.say(text)}>${children}</button>`;
    case "mention":
      if (text.slice(1).toLowerCase() !== bot.username.toLowerCase()) return html`<span class="tg-link">${children}</span>`;
      return html`<button type="button" class="tg-link" onClick=${room.visitBot}>${children}</button>`;
    case "text_mention":
      return html`<span class="tg-link" title=${nameOf(entity.user)}>${children}</span>`;
    case "hashtag":
    case "cashtag":
      return html`<span class="tg-link">${children}</span>`;
    default:
      return children;
  }
}

function Address({ to, room, children }) {
  if (!to) return children;
  if (to.inside) return html`<button type="button" class="tg-link" onClick=${() => room.open(to.href)}>${children}</button>`;
  return html`<a class="tg-link" href=${to.href} target="_blank" rel="noopener noreferrer">${children}</a>`;
}

function Spoiler({ text, children }) {
  const [shown, show] = useState(false);
  const inner = useRef(null);
  useEffect(() => inner.current?.focus(), [shown]);
  if (shown) return html`<span class="tg-spoiler-shown" ref=${inner} tabindex="-1">${children}</span>`;
  return html`<button type="button" class="tg-spoiler" aria-label=${t("Verdeckt: zeigen", "Hidden: show")} onClick=${() => show(true)}>
    <span aria-hidden="true">${text}</span>
  </button>`;
}

function LongQuote({ children }) {
  const [open, setOpen] = useState(false);
  return html`<blockquote class="tg-quote">
    <div class=${open ? "" : "tg-quote-short"}>${children}</div>
    <button type="button" class="tg-more" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      ${open ? t("Weniger", "Less") : t("Mehr", "More")}
    </button>
  </blockquote>`;
}

/** A date in the reader's words, where the entity says how (Bot API, "Date-time entity formatting"). */
function Moment({ entity, text }) {
  const seconds = entity.unix_time;
  if (!Number.isInteger(seconds)) return text;
  const wanted = entity.date_time_format ?? "";
  const options = {
    ...(wanted.includes("w") && { weekday: "long" }),
    ...(wanted.includes("d") && { day: "2-digit", month: "2-digit", year: "2-digit" }),
    ...(wanted.includes("D") && { day: "numeric", month: "long", year: "numeric" }),
    ...(/t/i.test(wanted) && { hour: "2-digit", minute: "2-digit", hour12: false }),
    ...(wanted.includes("T") && { second: "2-digit" }),
  };
  const words = wanted === "r" ? distance(seconds) : Object.keys(options).length ? formatted(seconds, options) : text;
  return html`<time class="tg-moment" dateTime=${new Date(seconds * 1000).toISOString()} title=${fullMoment(seconds)}>${words}</time>`;
}
