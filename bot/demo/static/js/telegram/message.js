/** One message: its bubble, its buttons, and what can be done with it. */
import { html } from "../html.js";
import { Glass, Reply } from "../icons.js";
import { choose, known } from "../store.js";
import { t } from "../words.js";
import { InlineKeyboard, moveInRow } from "./keyboard.js";
import { Media } from "./media.js";
import { Avatar, colourOf, nameOf, senderName } from "./names.js";
import { summary } from "./summary.js";
import { RichText } from "./text.js";
import { clockTime, fullMoment } from "./times.js";

/** `first` and `last` of the messages that somebody wrote in one go. */
export function Message({ message, first, last, room }) {
  const own = String(message.from.id) === room.account;
  const named = !room.chat.person && !own;
  const sender = message.sender_chat ?? message.from;
  const name = senderName(message);
  const text = message.text ?? message.caption ?? "";
  const quoted = quotedBy(message);
  const classes = ["tg-message", own && "tg-own", first && "tg-first", last && "tg-last", message.reply_markup && "tg-with-keys"];
  return html`<article
    class=${classes.filter(Boolean).join(" ")} data-message=${message.message_id} tabindex="-1"
    aria-label=${`${own ? t("Du", "You") : name}, ${clockTime(message.date)}`}
  >
    ${named && html`<span class="tg-face">${last && html`<${Avatar} id=${sender.id} name=${name} small />`}</span>`}
    <div class="tg-stack">
      <div class="tg-bubble ${message.photo && !text ? "tg-bubble-photo" : ""}">
        ${named && first && html`<span class="tg-name tg-name-${colourOf(sender.id)}">${name}</span>`}
        ${message.forward_origin && html`<span class="tg-forward">${t("Weitergeleitet von", "Forwarded from")} <b>${origin(message.forward_origin)}</b></span>`}
        ${quoted && html`<${Quoted} quoted=${quoted} room=${room} />`}
        <${Media} message=${message} />
        <div class="tg-text">
          <${RichText} text=${text} entities=${message.entities ?? message.caption_entities} room=${room} />
          <span class="tg-meta">
            ${message.edit_date && html`<span title=${fullMoment(message.edit_date)}>${t("bearbeitet", "edited")}</span>`}
            <time dateTime=${new Date(message.date * 1000).toISOString()} title=${fullMoment(message.date)}>${clockTime(message.date)}</time>
          </span>
        </div>
      </div>
      ${message.reply_markup?.inline_keyboard && html`<${InlineKeyboard} message=${message} room=${room} />`}
      <${Actions} message=${message} room=${room} />
    </div>
  </article>`;
}

/** The message replied to; the one that opened the topic is no reply. */
function quotedBy(message) {
  const quoted = message.reply_to_message;
  return quoted && !quoted.forum_topic_created ? quoted : null;
}

function Quoted({ quoted, room }) {
  const now = known().telegram.messages[room.chat.id]?.[quoted.message_id];
  const inner = html`
    <b class="tg-name-${colourOf((quoted.sender_chat ?? quoted.from).id)}">${senderName(quoted)}</b>
    <span>${now ? summary(now) : t("Gelöschte Nachricht", "Deleted message")}</span>
  `;
  if (!now) return html`<div class="tg-reply">${inner}</div>`;
  return html`<button type="button" class="tg-reply" onClick=${() => room.jump(quoted.message_id)}>
    <span class="hidden">${t("Antwort auf", "Reply to")}</span>${inner}
  </button>`;
}

const origin = ({ sender_user, sender_user_name, sender_chat, chat }) =>
  sender_user ? nameOf(sender_user) : (sender_user_name ?? (sender_chat ?? chat)?.title ?? t("jemandem", "somebody"));

function Actions({ message, room }) {
  const lookBehind = () =>
    choose({ glass: { platform: "telegram", place: room.chat.id, message: String(message.message_id) } });
  return html`<div class="tg-actions" role="toolbar" aria-label=${t("Nachricht", "Message")} onKeyDown=${moveInRow}>
    ${room.canWrite &&
    html`<button type="button" class="tg-icon-button" aria-label=${t("Antworten", "Reply")} title=${t("Antworten", "Reply")} onClick=${() => room.reply(message.message_id)}>
      <${Reply} size=${16} />
    </button>`}
    <button type="button" class="tg-icon-button" tabIndex=${room.canWrite ? -1 : 0} aria-label=${t("Was steckt dahinter?", "What is behind this?")} title=${t("Was steckt dahinter?", "What is behind this?")} onClick=${lookBehind}>
      <${Glass} size=${16} />
    </button>
  </div>`;
}
