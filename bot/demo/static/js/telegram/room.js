/** An open chat or topic: header, messages, and where one writes. */
import { html, useMemo, useState } from "../html.js";
import { Back, More } from "../icons.js";
import { attempt } from "../shell/deeds.js";
import { t } from "../words.js";
import { faceOf, memberCount, messagesIn, titleOf } from "./chats.js";
import { commandsFor } from "./commands.js";
import { Composer } from "./composer.js";
import { TopicList, topicName } from "./list.js";
import { Log } from "./log.js";
import { Avatar, nameOf } from "./names.js";

/** `room` acts for whoever writes here (see pane.js); `onBack` leads out where there is somewhere to go. */
export function Room({ world, ui, room, onBack }) {
  const [replied, reply] = useState(null);
  const { chat, topic } = room;
  const all = world.telegram.messages[chat.id];
  const messages = useMemo(() => messagesIn(world, chat, topic), [all, topic]);
  const replyTo = messages.find((message) => message.message_id === replied) ?? null;
  const here = {
    ...room,
    reply,
    say: (text) => {
      reply(null);
      return room.say(text, replyTo?.message_id);
    },
  };
  return html`
    <${Header} world=${world} room=${room} onBack=${onBack} />
    <${Log} messages=${messages} room=${here} empty=${html`<${Empty} world=${world} chat=${chat} />`} />
    ${room.canWrite
      ? html`<${Composer} room=${here} commands=${commandsFor(world, chat, ui.me)} replyTo=${replyTo} onNoReply=${() => reply(null)} />`
      : html`<${Opening} chat=${chat} />`}
  `;
}

/** The list of a forum's topics, with the forum's header. */
export function Forum({ world, ui, room, onBack, onOpen }) {
  return html`
    <${Header} world=${world} room=${room} onBack=${onBack} />
    <${TopicList} world=${world} ui=${ui} chat=${room.chat} onOpen=${onOpen} />
  `;
}

function Header({ world, room, onBack }) {
  const { chat, topic } = room;
  const title = titleOf(world, chat);
  const members = t(`${memberCount(chat)} Mitglieder`, `${memberCount(chat)} members`);
  const present = Object.keys(chat.members).map((id) => nameOf(world.telegram.users[id]));
  const name = topic === null ? title : topicName(chat.topics?.[topic] ?? {});
  const about = chat.person ? "Bot" : topic === null ? members : `${title}, ${members}`;
  return html`<header class="tg-header">
    ${onBack && html`<button type="button" class="tg-icon-button" aria-label=${t("Zurück", "Back")} onClick=${onBack}><${Back} /></button>`}
    <${Avatar} id=${faceOf(world, chat)} name=${title} small />
    <div class="tg-header-words">
      <h2 class="tg-header-title" tabindex="-1">${name}</h2>
      <span class="tg-soft" title=${chat.person ? undefined : present.join(", ")}>${about}</span>
    </div>
    ${chat.person && chat.started && !chat.blocked && html`<${BotMenu} />`}
  </header>`;
}

function BotMenu() {
  const [open, setOpen] = useState(false);
  const onKeyDown = (event) => event.key === "Escape" && setOpen(false);
  const onFocusOut = ({ currentTarget, relatedTarget }) => !currentTarget.contains(relatedTarget) && setOpen(false);
  return html`<div class="tg-bot-menu" onKeyDown=${onKeyDown} onFocusOut=${onFocusOut}>
    <button type="button" class="tg-icon-button" aria-label=${t("Mehr", "More")} aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <${More} />
    </button>
    ${open && html`<button type="button" class="tg-menu-entry" onClick=${() => attempt("telegram.block")}>${t("Bot blockieren", "Block the bot")}</button>`}
  </div>`;
}

/** What stands below a bot chat in which nobody can write yet, or any more. */
const Opening = ({ chat }) => html`<div class="tg-opening">
  ${chat.blocked
    ? html`<button type="button" class="tg-start" onClick=${() => attempt("telegram.unblock")}>${t("Entsperren", "Unblock")}</button>`
    : html`<button type="button" class="tg-start" onClick=${() => attempt("telegram.start", { payload: "" })}>${t("Starten", "Start")}</button>`}
</div>`;

const Empty = ({ world, chat }) => html`<p class="tg-empty">
  ${chat.person
    ? t(`Hier schreibst du mit ${nameOf(world.telegram.bot)}. Drück unten auf Starten.`, `Here you talk to ${nameOf(world.telegram.bot)}. Press Start below.`)
    : t("Hier steht noch nichts.", "Nothing here yet.")}
</p>`;
