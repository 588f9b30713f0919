/** The Slack side: the workspace as the person that the reader is sees it. */
import { html, useEffect, useReducer, useRef } from "../html.js";
import { choose, known, place, ui, useStore } from "../store.js";
import { t, told } from "../words.js";
import { isAsking, onAsking, Question } from "./confirm.js";
import { App, Conversation, titleOf } from "./conversation.js";
import { Modal, modalsOf } from "./modal.js";
import { looking, markOld, myself } from "./seen.js";
import { Sidebar } from "./sidebar.js";
import { closeThread, openThread, Thread } from "./thread.js";

export { unreadSlack } from "./seen.js";

/** The whole side; a note in its place for people who are not in Slack. */
export function SlackPane() {
  const [world, { me }] = useStore();
  const isKnown = world !== null;
  useEffect(() => {
    if (isKnown) markOld();
  }, [isKnown]);
  if (!world) return null;
  return myself() ? html`<${Workspace} key=${me} />` : html`<${Elsewhere} />`;
}

function Workspace() {
  const [, redraw] = useReducer((n) => n + 1, 0);
  const box = useRef(null);
  useEffect(() => onAsking(redraw), []);
  const { tab, channel } = looking();
  const isListed = place().slack === null;
  const thread = openThread(channel);
  const covered = isAsking() || modalsOf(myself()).length > 0;

  const wasListed = useRef(isListed);
  useEffect(() => {
    const [before, now] = [wasListed.current, isListed];
    wasListed.current = isListed;
    if (now && !before && document.activeElement === document.body) box.current.querySelector("[aria-current=page]")?.focus();
  }, [isListed]);
  // On a narrow pane the list is gone by then, and a keyboard on the screen would be in the way.
  const onOpen = () =>
    setTimeout(() => {
      const [field, back] = [".sl-main .sl-composer-text", ".sl-back"].map((each) => box.current?.querySelector(each));
      (back?.checkVisibility() ? back : field)?.focus();
    });
  const onKeyDown = (event) => {
    if (event.key === "Escape" && thread && !event.defaultPrevented) closeThread();
  };
  return html`<div ref=${box} class=${`sl-pane ${isListed ? "sl-is-listed" : ""} ${thread ? "sl-has-thread" : ""}`}>
    <div class="sl-frame" inert=${covered} onKeyDown=${onKeyDown}>
      <${Sidebar} onOpen=${onOpen} />
      <div class="sl-main">
        ${tab ? html`<${App} key="app" channel=${channel} tab=${tab} />` : html`<${Conversation} key=${channel.id} channel=${channel} />`}
      </div>
      ${thread &&
      tab !== "home" &&
      html`<${Thread} key=${thread} channel=${channel} ts=${thread} isApp=${Boolean(tab)} title=${tab ? "" : `#${titleOf(channel)}`} />`}
    </div>
    <${Modal} covered=${isAsking()} />
    <${Question} />
  </div>`;
}

/** For people who are only in Telegram. */
function Elsewhere() {
  const { people, order } = known();
  const { name } = people[ui().me];
  const others = order.map((key) => people[key]).filter((person) => person.slack);
  return html`<div class="sl-pane sl-elsewhere">
    <p><strong>${t(`${name} nutzt nur Telegram.`, `${name} only uses Telegram.`)}</strong></p>
    <p>${t("Schau mit anderen Augen in Slack:", "Look at Slack with other eyes:")}</p>
    <div class="sl-actions">
      ${others.map((person) => html`<button type="button" class="sl-button" key=${person.key} onClick=${() => choose({ me: person.key })}>
        ${person.name}, ${told(person.role)}
      </button>`)}
    </div>
  </div>`;
}
