/** One message: who, when, what; its thread, and what can be done with it. */
import { html, useLayoutEffect, useRef } from "../html.js";
import { Eye, Glass, Thread } from "../icons.js";
import { choose, known, lookAt, place, ui } from "../store.js";
import { t } from "../words.js";
import { Avatar } from "./avatar.js";
import { Blocks } from "./blocks.js";
import { sure } from "./confirm.js";
import { deed } from "./deeds.js";
import { EditForm } from "./editing.js";
import { parse } from "./mrkdwn.js";
import { Attached } from "./pictures.js";
import { Rich, Text } from "./rich.js";
import { isJoin, myself, nameOf, readUpTo } from "./seen.js";
import { onMessage, Surface } from "./surface.js";
import { clock, dateOf, moment } from "./times.js";
import { Toolbar } from "./toolbar.js";

const authorOf = (message) => message.user ?? known().slack.bot;

/** Whether a message goes on where the one before it ended: same author, within a few minutes. */
export function goesOn(message, before) {
  const near = before && Number(message.ts) - Number(before.ts) < 300;
  return Boolean(near) && authorOf(message) === authorOf(before) && !isJoin(before) && message.ephemeral_for === before.ephemeral_for;
}

/** A message; `replies` of its thread where that is summed up under it; `edits` is which one is being edited: {ts, begin}. */
export function Message({ message, replies = [], compact = false, inThread = false, edits }) {
  const editing = edits.ts === message.ts;
  const article = useFocusKept();
  if (isJoin(message)) return html`<${Joined} message=${message} />`;
  const author = authorOf(message);
  const time = dateOf(message.ts);
  const edited = message.edited && html`<span class="sl-edited" title=${moment(dateOf(message.edited.ts))}>(${t("bearbeitet", "edited")})</span>`;
  const said = html`<time class="sl-time" datetime=${time.toISOString()} title=${moment(time)}>${clock(time)}</time>`;
  const stop = () => {
    edits.begin(null);
    article.current.focus();
  };
  return html`<article
    ref=${article} tabindex="-1" data-ts=${message.ts} aria-label=${`${nameOf(author)}, ${clock(time)}`}
    class=${`sl-message ${compact ? "sl-compact" : ""} ${message.ephemeral_for ? "sl-ephemeral" : ""} ${editing ? "sl-editing" : ""}`}
  >
    <div class="sl-gutter">${compact ? said : html`<${Avatar} user=${author} />`}</div>
    <div class="sl-body">
      ${message.ephemeral_for && html`<p class="sl-only"><${Eye} size=${14} /> ${t("Nur für dich sichtbar", "Only visible to you")}</p>`}
      ${!compact &&
      html`<div class="sl-by">
        <strong class="sl-author">${nameOf(author)}</strong>${message.bot_id && html`<span class="sl-tag">App</span>`} ${said} ${edited}
      </div>`}
      ${editing ? html`<${EditForm} message=${message} onDone=${stop} />` : html`<${Content} message=${message} edited=${compact && edited} />`}
      ${replies.length > 0 && html`<${Summary} message=${message} replies=${replies} />`}
    </div>
    ${!editing && html`<${Doings} message=${message} inThread=${inThread} onEdit=${() => edits.begin(message.ts)} />`}
  </article>`;
}

function Content({ message, edited }) {
  if (message.subtype === "tombstone") return html`<p class="sl-note">${t("Diese Nachricht wurde gelöscht.", "This message was deleted.")}</p>`;
  const { blocks = [], attachments = [], files = [] } = message;
  return html`<${Surface.Provider} value=${onMessage(message)}>
    ${blocks.length ? html`<${Blocks} blocks=${blocks} />` : message.text && html`<${Rich} elements=${parse(message.text)} />`}
    ${edited}
    ${attachments.map((each) => html`<div class="sl-attachment">
      ${(each.pretext || each.title || each.text) &&
      html`<${Text} of=${{ type: "mrkdwn", text: [each.pretext, each.title && `*${each.title}*`, each.text].filter(Boolean).join("\n") }} />`}
      ${each.blocks && html`<${Blocks} blocks=${each.blocks} />`}
    </div>`)}
    ${files.map((file) => html`<${Attached} key=${file.id} file=${file} />`)}
  <//>`;
}

const Joined = ({ message }) => {
  const left = message.subtype.endsWith("leave");
  const words = left ? t("ist gegangen", "left") : t("ist dazugekommen", "joined");
  return html`<p class="sl-joined" data-ts=${message.ts}><strong>${nameOf(message.user)}</strong> ${words}</p>`;
};

function Summary({ message, replies }) {
  const people = [...new Set(replies.map(authorOf))].slice(0, 4);
  const unread = replies.some((each) => each.user !== myself() && each.ts > readUpTo(ui(), ui().me, message.channel, message.ts));
  const count = replies.length === 1 ? t("1 Antwort", "1 reply") : t(`${replies.length} Antworten`, `${replies.length} replies`);
  return html`<button type="button" class=${unread ? "sl-summary sl-summary-new" : "sl-summary"} onClick=${() => openThread(message)}>
    <span class="sl-faces">${people.map((user) => html`<${Avatar} key=${user} user=${user} size="sl-avatar-small" />`)}</span>
    <span class="sl-count">${count}</span>
    ${unread && html`<span class="sl-new">${t("neu", "new")}</span>`}
    <span class="sl-time">${clock(dateOf(replies.at(-1).ts))}</span>
  </button>`;
}

const openThread = (message) => lookAt({ slack: place().slack ?? message.channel, thread: message.thread_ts ?? message.ts });

function Doings({ message, inThread, onEdit }) {
  const mine = message.user === myself() && !message.bot_id && message.subtype !== "tombstone";
  const at = { channel: message.channel, ts: message.ts };
  const remove = async () => {
    const yes = await sure(
      t("Nachricht löschen?", "Delete this message?"),
      t("Dann ist sie für alle weg.", "Then it is gone for everybody."),
      t("Löschen", "Delete"),
    );
    if (yes) deed("slack.delete", at);
  };
  const glass = () => choose({ glass: { platform: "slack", place: message.channel, message: message.ts } });
  const items = [
    !inThread && !message.ephemeral_for && { label: t("Im Thread antworten", "Reply in thread"), icon: Thread, onChoose: () => openThread(message) },
    { label: t("Was steckt dahinter?", "What is behind this?"), icon: Glass, onChoose: glass },
  ];
  const shortcuts = message.ephemeral_for ? [] : known().slack.shortcuts.filter((each) => each.type === "message");
  const more = [
    ...shortcuts.map((each) => ({ label: each.name, onChoose: () => deed("slack.shortcut", { ...at, callback_id: each.callback_id }) })),
    mine && { label: t("Bearbeiten", "Edit"), onChoose: onEdit },
    mine && { label: t("Löschen", "Delete"), onChoose: remove },
  ];
  return html`<${Toolbar} label=${t("Nachricht", "Message")} items=${items.filter(Boolean)} more=${more.filter(Boolean)} />`;
}

/** Keep the focus on a message whose focused button went away, as when a card is decided. */
function useFocusKept() {
  const article = useRef(null);
  const inside = useRef(false);
  useLayoutEffect(() => {
    const element = article.current;
    if (!element) return undefined;
    const enter = () => (inside.current = true);
    const leave = ({ target }) => setTimeout(() => target.isConnected && !element.contains(document.activeElement) && (inside.current = false));
    element.addEventListener("focusin", enter);
    element.addEventListener("focusout", leave);
    return () => {
      element.removeEventListener("focusin", enter);
      element.removeEventListener("focusout", leave);
    };
  }, []);
  useLayoutEffect(() => {
    if (inside.current && document.activeElement === document.body) article.current?.focus();
  });
  return article;
}
