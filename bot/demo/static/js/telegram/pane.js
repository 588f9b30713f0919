/** Telegram as the person sees it that the reader is: list of chats, and the chat that is open. */
import { html, useEffect, useLayoutEffect, useRef, useState } from "../html.js";
import { attempt } from "../shell/deeds.js";
import { become, lookAt, place, useStore } from "../store.js";
import { t, told } from "../words.js";
import { Answer } from "./answers.js";
import { GENERAL, chatsOf, isIn, markOld } from "./chats.js";
import { leadsTo } from "./entities.js";
import { ChatList } from "./list.js";
import { Forum, Room } from "./room.js";

export { unreadTelegram } from "./chats.js";

/** From this width on the list stands beside the chat. */
const WIDE_PX = 540;

/** The whole pane. */
export function TelegramPane() {
  const [world, ui] = useStore();
  const [box, isWide] = useWidth();
  useEffect(markOld, []);
  const account = world.people[ui.me].telegram;
  return html`<div class="tg-pane ${isWide ? "tg-wide" : ""}" ref=${box}>
    ${account ? html`<${Chats} key=${ui.me} world=${world} ui=${ui} account=${account} isWide=${isWide} />` : html`<${Nobody} world=${world} me=${ui.me} />`}
  </div>`;
}

function Chats({ world, ui, account, isWide }) {
  const [answer, setAnswer] = useState(null);
  const { telegram, topic } = place();
  const chats = chatsOf(world, ui.me);
  const bot = chats.find((chat) => chat.person);
  const chat = chats.find(({ id }) => id === telegram) ?? (isWide ? bot : undefined);
  const room = chat && roomFor({ world, ui, account, chat, topic: chat.is_forum ? topic : null, onAnswer: setAnswer });
  const box = useFocusOnTurn(chat?.id, room?.topic);

  const toList = isWide ? null : () => lookAt({ telegram: null, topic: null });
  const open = ({ id }) => lookAt({ telegram: id, topic: null });
  return html`<div class="tg-sides" ref=${box}>
    ${(isWide || !chat) && html`<${ChatList} world=${world} ui=${ui} open=${chat?.id} onOpen=${open} />`}
    ${chat &&
    html`<section class="tg-room" key=${room.key} aria-label=${t("Offener Chat", "Open chat")}>
      ${chat.is_forum && topic === null
        ? html`<${Forum} world=${world} ui=${ui} room=${room} onBack=${toList} onOpen=${({ id }) => lookAt({ topic: id })} />`
        : html`<${Room} world=${world} ui=${ui} room=${room} onBack=${chat.is_forum ? () => lookAt({ topic: null }) : toList} />`}
    </section>`}
    <${Answer} answer=${answer} onGone=${() => setAnswer(null)} />
  </div>`;
}

/** A chat or topic, and what can be done in it. */
function roomFor({ world, ui, account, chat, topic, onAnswer }) {
  const { bot } = world.telegram;
  const visit = (id) => lookAt({ telegram: id, topic: null });
  const open = async (url) => {
    const opened = await attempt("telegram.open", { url });
    if (opened) visit(opened.chat ? String(opened.chat) : account);
  };
  return {
    chat,
    topic,
    account,
    me: ui.me,
    key: `${ui.me} ${chat.id} ${topic ?? ""}`,
    canWrite: chat.person ? chat.started && !chat.blocked : isIn(chat, account),
    open,
    visitBot: () => visit(account),
    say: (text, replyTo) => {
      const command = /^\/\w+$/.test(text) && !chat.person ? `${text}@${bot.username}` : text;
      return attempt("telegram.say", { chat: chat.id, text: command, topic: topic === GENERAL ? null : topic, reply_to: replyTo ? String(replyTo) : null });
    },
    press: async (message, row, col) => {
      const answer = await attempt("telegram.press", { chat: chat.id, message_id: String(message.message_id), row, col });
      if (!answer) return;
      const to = answer.url && leadsTo(answer.url, bot.username);
      onAnswer({ ...answer, link: to && !to.inside ? to.href : null });
      if (to?.inside) await open(to.href);
    },
  };
}

/** For somebody who has no account: who has one. */
function Nobody({ world, me }) {
  const { name } = world.people[me];
  const others = world.order.map((key) => world.people[key]).filter((person) => person.telegram);
  return html`<div class="tg-nobody">
    <p>${t(`${name} nutzt nur Slack.`, `${name} only uses Slack.`)}</p>
    <p class="tg-soft">${t("In Telegram bist du zum Beispiel:", "On Telegram you can be, for example:")}</p>
    <div class="tg-others">
      ${others.map(
        (person) => html`<button type="button" class="tg-button" key=${person.key} onClick=${() => become(person.key, "telegram")}>
          ${person.name}, ${told(person.role)}
        </button>`,
      )}
    </div>
  </div>`;
}

function useWidth() {
  const box = useRef(null);
  const [isWide, setWide] = useState(innerWidth >= 1100);
  useLayoutEffect(() => {
    const look = () => box.current.clientWidth && setWide(box.current.clientWidth >= WIDE_PX);
    look();
    const resized = new ResizeObserver(look);
    resized.observe(box.current);
    return () => resized.disconnect();
  }, []);
  return [box, isWide];
}

/** Focus that was lost as another room opened: going in, its heading gets it; going back, the row one was in. */
function useFocusOnTurn(chat, topic) {
  const box = useRef(null);
  const before = useRef([chat, topic]);
  useEffect(() => {
    const [left, leftTopic] = before.current;
    before.current = [chat, topic];
    if (document.activeElement !== document.body || (left === chat && leftTopic === topic)) return;
    const cameFrom = left === chat ? !topic && leftTopic : !chat && left;
    const row = cameFrom && box.current.querySelector(`.tg-row[data-chat="${cameFrom}"]`);
    (row || (box.current.querySelector(".tg-room h2") ?? box.current.querySelector("h2")))?.focus();
  }, [chat, topic]);
  return box;
}
