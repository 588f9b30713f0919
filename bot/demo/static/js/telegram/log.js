/** The messages of a chat: stays at the newest unless the reader scrolled up, and keeps focus where it was. */
import { html, useEffect, useLayoutEffect, useRef, useState } from "../html.js";
import { Down } from "../icons.js";
import { choose, ui } from "../store.js";
import { t } from "../words.js";
import { isService, readKey } from "./chats.js";
import { Message } from "./message.js";
import { serviceWords } from "./service.js";
import { dayName, dayOf } from "./times.js";

const NEAR_PX = 48;
/** Messages of the same person within so many seconds belong together. */
const TOGETHER = 300;
/** How long a pressed button stays where it is while its message changes, in milliseconds. */
const HELD_MS = 3000;

/** Messages get `room` with jump(id): scrolls to a message and marks it for a moment. */
export function Log({ messages, room, empty }) {
  const box = useRef(null);
  const atEnd = useRef(true);
  const newest = useRef(messages.at(-1)?.message_id ?? 0);
  const pressed = useRef(null);
  const focused = useRef(null);
  const [missed, setMissed] = useState(0);
  const [marked, mark] = useState(0);

  const toEnd = () => {
    box.current.firstElementChild.style.paddingBottom = "";
    box.current.scrollTop = box.current.scrollHeight;
    atEnd.current = true;
    setMissed(0);
  };
  const settle = () => {
    const held = pressed.current;
    if (held && performance.now() < held.until && held.button.isConnected) {
      hold(box.current, held);
    } else if (atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  };

  const jump = (id) => {
    const message = box.current.querySelector(`[data-message="${id}"]`);
    message?.scrollIntoView({ block: "center" });
    message?.focus({ preventScroll: true });
    mark(id);
  };

  useLayoutEffect(() => {
    const come = messages.filter((message) => message.message_id > newest.current);
    newest.current = Math.max(newest.current, ...come.map((message) => message.message_id));
    if (come.length) {
      const acted = pressed.current && performance.now() < pressed.current.until;
      const own = come.some((message) => String(message.from.id) === room.account);
      pressed.current = null;
      if (atEnd.current || acted || own) toEnd();
      else setMissed((count) => count + come.length);
    } else settle();
  }, [messages]);

  useLayoutEffect(() => keepFocus(box.current, focused.current));

  useLayoutEffect(() => {
    const resized = new ResizeObserver(settle);
    resized.observe(box.current);
    resized.observe(box.current.firstElementChild);
    return () => resized.disconnect();
  }, []);

  useEffect(() => {
    if (marked) {
      const timer = setTimeout(() => mark(0), 1500);
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [marked]);

  const readAll = () => atEnd.current && box.current.offsetParent && markRead(room, newest.current);
  useEffect(readAll);

  const onScroll = () => {
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (atEnd.current) {
      if (missed) setMissed(0);
      readAll();
    }
  };
  const onClick = ({ target }) => {
    const button = target.closest(".tg-key");
    if (button) pressed.current = { button, top: button.getBoundingClientRect().top, until: performance.now() + HELD_MS };
  };
  const onFocusIn = ({ target }) => {
    focused.current = { element: target, message: target.closest("[data-message]")?.dataset.message, place: target.dataset.place };
  };
  const onFocusOut = ({ target }) => {
    if (target.isConnected) focused.current = null;
  };

  return html`
    <div
      class="tg-log" role="log" aria-live="polite" aria-label=${t("Nachrichten", "Messages")} tabindex="0" ref=${box}
      onScroll=${onScroll} onClick=${onClick} onFocusIn=${onFocusIn} onFocusOut=${onFocusOut}
    >
      <div class="tg-messages">${messages.length ? rows(messages, { ...room, jump }, marked) : empty}</div>
    </div>
    ${missed > 0 &&
    html`<button type="button" class="tg-missed" onClick=${toEnd}>
      <${Down} size=${16} /> ${missed === 1 ? t("1 neue Nachricht", "1 new message") : t(`${missed} neue Nachrichten`, `${missed} new messages`)}
    </button>`}
  `;
}

/** Keep a pressed button where it was pressed; below a message that got shorter there is room for that. */
function hold(box, { button, top }) {
  const moved = () => Math.round(button.getBoundingClientRect().top - top);
  box.scrollTop += moved();
  if (moved() <= 0) return;
  const content = box.firstElementChild;
  content.style.paddingBottom = `${parseFloat(getComputedStyle(content).paddingBottom) + moved()}px`;
  box.scrollTop += moved();
}

function rows(messages, room, marked) {
  return messages.flatMap((message, at) => {
    const [before, after] = [messages[at - 1], messages[at + 1]];
    const newDay = !before || dayOf(before.date) !== dayOf(message.date);
    const row = isService(message)
      ? html`<p key=${message.message_id} class="tg-service" data-message=${message.message_id} tabindex="-1"><span>${serviceWords(message)}</span></p>`
      : html`<div key=${message.message_id} class=${message.message_id === marked ? "tg-marked" : ""}>
          <${Message} message=${message} room=${room} first=${!isOneGo(before, message)} last=${!isOneGo(message, after)} />
        </div>`;
    const day = newDay && html`<p key=${`day ${dayOf(message.date)}`} class="tg-day"><span>${dayName(message.date)}</span></p>`;
    return newDay ? [day, row] : [row];
  });
}

const isOneGo = (one, next) =>
  one && next && !isService(one) && !isService(next) && one.from.id === next.from.id &&
  one.sender_chat?.id === next.sender_chat?.id && next.date - one.date < TOGETHER && dayOf(one.date) === dayOf(next.date);

/** Give focus back that was lost because what had it is gone: to the button in its place, or to its message. */
function keepFocus(box, lost) {
  if (!lost || lost.element.isConnected || document.activeElement !== document.body) return;
  const message = box.querySelector(`[data-message="${lost.message}"]`);
  const heir = message?.querySelector(`[data-place="${lost.place}"]`) ?? message?.querySelector("[data-place]") ?? message ?? box;
  heir.focus({ preventScroll: true });
}

function markRead(room, id) {
  const key = readKey(room.chat, room.topic);
  const read = ui().read[room.me] ?? {};
  if (id > Number(read[key] ?? 0)) choose({ read: { ...ui().read, [room.me]: { ...read, [key]: id } } });
}
