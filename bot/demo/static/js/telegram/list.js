/** The list of somebody's chats, and of a forum's topics. */
import { html } from "../html.js";
import { Hash } from "../icons.js";
import { t } from "../words.js";
import { chatsOf, faceOf, isService, latestIn, titleOf, topicsOf, unreadIn } from "./chats.js";
import { Avatar, senderName } from "./names.js";
import { summary } from "./summary.js";
import { shortMoment } from "./times.js";

/** All chats of the person that the reader is. */
export function ChatList({ world, ui, open, onOpen }) {
  return html`<nav class="tg-list" aria-label=${t("Telegram-Chats", "Telegram chats")}>
    <h2 class="tg-list-title" tabindex="-1">Chats</h2>
    <ul>
      ${chatsOf(world, ui.me).map((chat) => {
        const title = titleOf(world, chat);
        return html`<${Row}
          key=${chat.id} id=${chat.id} title=${title} open=${chat.id === open} onOpen=${() => onOpen(chat)}
          face=${html`<${Avatar} id=${faceOf(world, chat)} name=${title} />`}
          latest=${latestIn(world, chat)} preview=${previewOf(world, ui, chat)} unread=${unreadIn(world, ui, ui.me, chat)}
        />`;
      })}
    </ul>
  </nav>`;
}

/** The topics of a forum. */
export function TopicList({ world, ui, chat, onOpen }) {
  return html`<nav class="tg-list tg-topics" aria-label=${t("Themen der Gruppe", "Topics of the group")}>
    <ul>
      ${topicsOf(world, chat).map(
        (topic) => html`<${Row}
          key=${topic.id} id=${topic.id} title=${topicName(topic)} onOpen=${() => onOpen(topic)}
          face=${html`<span class="tg-avatar tg-avatar-topic" aria-hidden="true"><${Hash} /></span>`}
          latest=${latestIn(world, chat, topic.id)} preview=${previewOf(world, ui, chat, topic.id)}
          unread=${unreadIn(world, ui, ui.me, chat, topic.id)}
        />`,
      )}
    </ul>
  </nav>`;
}

/** What a topic is called; the general one in the reader's language. */
export const topicName = (topic) => topic.name || t("Allgemein", "General");

function Row({ id, title, face, latest, preview, unread, open = false, onOpen }) {
  return html`<li>
    <button type="button" class="tg-row" data-chat=${id} aria-current=${open ? "true" : undefined} onClick=${onOpen}>
      ${face}
      <span class="tg-row-words">
        <span class="tg-row-top">
          <b class="tg-row-title">${title}</b>
          ${latest && html`<time class="tg-soft">${shortMoment(latest.date)}</time>`}
        </span>
        <span class="tg-row-top">
          <span class="tg-row-preview tg-soft">${preview}</span>
          ${unread > 0 && html`<span class="tg-badge">${unread}<span class="hidden"> ${t("ungelesen", "unread")}</span></span>`}
        </span>
      </span>
    </button>
  </li>`;
}

function previewOf(world, ui, chat, topic = null) {
  const message = latestIn(world, chat, topic);
  if (!message) return chat.person && !chat.started ? t("Noch nicht gestartet", "Not started yet") : t("Noch nichts", "Nothing yet");
  const words = summary(message);
  if (isService(message)) return words;
  if (String(message.from.id) === world.people[ui.me].telegram) return `${t("Du", "You")}: ${words}`;
  return chat.person ? words : `${senderName(message)}: ${words}`;
}
