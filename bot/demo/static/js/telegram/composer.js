/** Where somebody writes: text, command menu, what is replied to. */
import { html, useEffect, useLayoutEffect, useRef, useState } from "../html.js";
import { Close, Menu, Send } from "../icons.js";
import { t } from "../words.js";
import { CommandList } from "./commands.js";
import { senderName } from "./names.js";
import { summary } from "./summary.js";

const LONGEST = 4096; // in UTF-16 units, as clients cut (Bot API, sendMessage.text)
const TALLEST_PX = 160;
const LIST = "tg-command-list";
/** While typing, no command is picked until an arrow key picks one: Enter sends what was typed. */
const NONE = -1;
const drafts = new Map();

/** `room.say(text)` resolves to null if it could not be said; `replyTo` is the message replied to, or null. */
export function Composer({ room, commands, replyTo, onNoReply }) {
  const [text, setText] = useState(drafts.get(room.key) ?? "");
  const [menu, setMenu] = useState(false);
  const [put, setPut] = useState(false);
  const [at, setAt] = useState(NONE);
  const [field, list, form] = [useRef(null), useRef(null), useRef(null)];

  const typed = /^\/(\w*)$/.exec(text)?.[1].toLowerCase();
  const offered = menu ? commands : typed === undefined || put ? [] : commands.filter(({ command }) => command.startsWith(typed));
  const active = Math.min(at, offered.length - 1);

  const write = (words) => {
    if (words) drafts.set(room.key, words);
    else drafts.delete(room.key);
    setText(words);
    setPut(false);
    setMenu(false);
    setAt(NONE);
  };
  const say = async (words) => {
    write("");
    if ((await room.say(words)) === null && !drafts.has(room.key)) write(words);
  };
  const send = (event) => {
    event.preventDefault();
    const words = field.current.value.trim();
    if (words) say(words);
    field.current.focus();
  };
  const pick = ({ command }) => {
    say(`/${command}`);
    field.current.focus();
  };
  const openMenu = () => {
    setMenu(true);
    setAt(0);
  };
  const close = () => {
    setMenu(false);
    setPut(true);
    field.current.focus();
  };

  useLayoutEffect(() => {
    field.current.style.height = "auto";
    field.current.style.height = `${Math.min(field.current.scrollHeight, TALLEST_PX)}px`;
  }, [text]);
  useEffect(() => replyTo && field.current.focus(), [replyTo?.message_id]);
  useEffect(() => {
    if (menu) list.current?.focus();
  }, [menu]);
  useEffect(() => {
    document.getElementById(`${LIST}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const onKeyDown = (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (offered.length && step) setAt((Math.max(active, step > 0 ? NONE : 0) + step + offered.length) % offered.length);
    else if (offered[active] && event.key === "Enter") pick(offered[active]);
    else if (offered.length && event.key === "Escape") close();
    else if (replyTo && event.key === "Escape") onNoReply();
    else if (event.key === "Enter" && !event.shiftKey) send(event);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocusOut = ({ relatedTarget }) => {
    if (menu && !form.current.contains(relatedTarget)) setMenu(false);
  };

  return html`<form class="tg-composer" ref=${form} onSubmit=${send} onFocusOut=${onFocusOut}>
    ${offered.length > 0 &&
    html`<${CommandList} id=${LIST} commands=${offered} active=${active} onChoose=${pick} onHover=${setAt} listRef=${list} onKeyDown=${onKeyDown} />`}
    ${replyTo &&
    html`<div class="tg-replying">
      <div class="tg-reply">
        <b>${t("Antwort an", "Reply to")} ${senderName(replyTo)}</b>
        <span>${summary(replyTo)}</span>
      </div>
      <button type="button" class="tg-icon-button" aria-label=${t("Nicht antworten", "Don’t reply")} onClick=${onNoReply}><${Close} /></button>
    </div>`}
    <div class="tg-line">
      ${commands.length > 0 &&
      html`<button type="button" class="tg-menu-button" aria-expanded=${menu} onClick=${() => (menu ? close() : openMenu())}>
        <${Menu} size=${16} /> ${t("Menü", "Menu")}
      </button>`}
      <textarea
        class="tg-field" rows="1" maxlength=${LONGEST} ref=${field} value=${text} placeholder=${t("Nachricht", "Message")}
        aria-label=${t("Nachricht schreiben", "Write a message")} aria-autocomplete="list" aria-controls=${offered.length && !menu ? LIST : undefined}
        aria-activedescendant=${offered[active] && !menu ? `${LIST}-${active}` : undefined}
        onInput=${(event) => write(event.target.value)} onKeyDown=${onKeyDown}
      />
      <button type="submit" class="tg-send" aria-label=${t("Senden", "Send")} disabled=${!text.trim()}><${Send} /></button>
    </div>
  </form>`;
}
