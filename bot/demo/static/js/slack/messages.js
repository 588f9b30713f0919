/** The messages of a conversation or a thread, newest at the end. */
import { Fragment, html, useEffect, useLayoutEffect, useRef, useState } from "../html.js";
import { Down } from "../icons.js";
import { ui } from "../store.js";
import { t } from "../words.js";
import { goesOn, Message } from "./message.js";
import { isJoin, markRead, myself, readUpTo } from "./seen.js";
import { dateOf, dayLine, dayOf } from "./times.js";

const NEAR_PX = 60;

/**
 * The log. `messages` in order; `replies` by message for thread summaries; `read` is the mark to move on when the
 * end is seen: {channel, thread}; `intro` stands before everything; `edits` as in Message. Give it a key per place.
 */
export function Messages({ messages, replies = {}, read, edits, inThread, label, intro }) {
  const [firstNew] = useState(() => firstUnread(messages, read));
  const { box, isAtEnd, toEnd } = useEnd(messages.at(-1));
  const latest = (inThread ? messages : messages.filter((each) => !each.thread_ts || each.thread_ts === each.ts)).at(-1)?.ts;
  const shown = useShown(box);
  useEffect(() => {
    if (latest && isAtEnd && shown) markRead(read.channel, read.thread, latest);
  }, [latest, isAtEnd, shown]);
  return html`<div class="sl-scroll">
    <div ref=${box} class=${inThread ? "sl-log sl-log-thread" : "sl-log"} role="log" aria-live="polite" aria-label=${label} tabindex="0">
      ${intro}
      ${messages.map((message, index) => {
        const before = messages[index - 1];
        const day = dayOf(dateOf(message.ts));
        const newDay = !inThread && (!before || dayOf(dateOf(before.ts)) !== day);
        const isNew = message.ts === firstNew && !inThread;
        const compact = !newDay && !isNew && !replies[before?.ts]?.length && goesOn(message, before);
        return html`<${Fragment} key=${message.ts}>
          ${newDay && html`<p class="sl-day"><span>${dayLine(dateOf(message.ts))}</span></p>`}
          ${isNew && html`<p class="sl-news"><span>${t("Neu", "New")}</span></p>`}
          <${Message} message=${message} replies=${replies[message.ts]} compact=${compact} inThread=${inThread} edits=${edits} />
          ${inThread && index === 0 && messages.length > 1 && html`<p class="sl-thread-line">
            <span>${messages.length === 2 ? t("1 Antwort", "1 reply") : t(`${messages.length - 1} Antworten`, `${messages.length - 1} replies`)}</span>
          </p>`}
        <//>`;
      })}
    </div>
    ${!isAtEnd &&
    html`<button type="button" class="sl-to-end" onClick=${toEnd}><${Down} size=${16} /> ${t("Zu den neuesten", "To the latest")}</button>`}
  </div>`;
}

/** Where a line says that what follows is new, as long as the place stays open; nothing if all of it is. */
function firstUnread(messages, { channel, thread }) {
  const since = readUpTo(ui(), ui().me, channel, thread);
  const first = messages.findIndex((each) => since && each.ts > since && each.user !== myself() && !isJoin(each));
  return first > 0 ? messages[first].ts : null;
}

/** Stay at the end while messages come and pictures load, unless the reader scrolled up. */
function useEnd(last) {
  const box = useRef(null);
  const stick = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);
  const toEnd = () => {
    stick.current = true;
    box.current.scrollTop = box.current.scrollHeight;
    setAtEnd(true);
  };
  useLayoutEffect(() => {
    if (stick.current || last?.user === myself()) toEnd();
  }, [last?.ts]);
  useEffect(() => {
    const log = box.current;
    const onScroll = () => {
      stick.current = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
      setAtEnd(stick.current);
    };
    const keep = () => stick.current && (log.scrollTop = log.scrollHeight);
    const sizes = new ResizeObserver(keep);
    const watch = () => [log, ...log.children].forEach((each) => sizes.observe(each));
    const comings = new MutationObserver(watch);
    watch();
    comings.observe(log, { childList: true });
    log.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      log.removeEventListener("scroll", onScroll);
      sizes.disconnect();
      comings.disconnect();
    };
  }, []);
  return { box, isAtEnd, toEnd };
}

/** Whether the reader has it before their eyes: not behind the other pane, not in a tab in the background. */
function useShown(box) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    let visible = false;
    const tell = () => setShown(visible && document.visibilityState === "visible");
    const seen = new IntersectionObserver((entries) => {
      visible = entries.at(-1).isIntersecting;
      tell();
    });
    seen.observe(box.current);
    document.addEventListener("visibilitychange", tell);
    return () => {
      seen.disconnect();
      document.removeEventListener("visibilitychange", tell);
    };
  }, []);
  return shown;
}
