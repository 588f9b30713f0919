/** A thread beside the conversation: the message, its replies, the field to reply in. */
import { html, useEffect, useRef } from "../html.js";
import { Close } from "../icons.js";
import { known, lookAt, place, ui } from "../store.js";
import { t } from "../words.js";
import { Composer } from "./composer.js";
import { useEdits } from "./editing.js";
import { Messages } from "./messages.js";
import { messagesIn, myself, nameOf } from "./seen.js";

/** The thread under the message `ts`; the focus goes to its field, and back when it is closed. */
export function Thread({ channel, ts, isApp, title }) {
  const box = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    if (before && before !== document.body) box.current.querySelector(".sl-composer-text")?.focus();
    return () => setTimeout(() => {
      if (document.activeElement !== document.body) return;
      const summary = document.querySelector(`.sl-main [data-ts="${ts}"]`);
      (before?.isConnected ? before : (summary ?? document.querySelector(".sl-main .sl-composer-text")))?.focus();
    });
  }, [ts]);
  const edits = useEdits();
  const all = messagesIn(known(), channel.id, myself());
  const messages = all.filter((each) => each.ts === ts || each.thread_ts === ts);
  return html`<aside class="sl-thread" ref=${box} aria-label=${t("Thread", "Thread")}>
    <header class="sl-head">
      <h2 class="sl-title">${t("Thread", "Thread")}</h2>
      <span class="sl-topic">${isApp ? nameOf(known().slack.bot) : title}</span>
      <button type="button" class="sl-icon-button" aria-label=${t("Thread schließen", "Close thread")} onClick=${closeThread}><${Close} /></button>
    </header>
    <${Messages} key=${`${ui().me}-${ts}`} messages=${messages} read=${{ channel: channel.id, thread: ts }} inThread edits=${edits} label=${t("Antworten", "Replies")} />
    <${Composer} key=${`${ui().me}-${ts}-composer`} channel=${isApp ? null : channel.id} thread=${ts} label=${t("Antworten …", "Reply …")} />
  </aside>`;
}

/** Look at the conversation alone. */
export const closeThread = () => lookAt({ thread: null });

/** The thread that the reader looks at; null when it is not in this conversation. */
export function openThread(channel) {
  const { thread } = place();
  return channel && known().slack.messages[channel.id]?.[thread] ? thread : null;
}
