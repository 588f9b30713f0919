/** The drawer with what happened behind a message; whoever shows messages opens it by choosing one as `glass`. */
import { html, useEffect, useRef, useState } from "../html.js";
import { Back, Close } from "../icons.js";
import { isNarrow, onNarrow } from "../shell/view.js";
import { choose, useStore } from "../store.js";
import { t } from "../words.js";
import { Latest } from "./latest.js";
import { useLatest, useStoriesOf } from "./stories.js";
import { Story } from "./story.js";

/** The drawer: beside the panes where there is room, over them where there is not. */
export function GlassDrawer() {
  const [world, { glass }] = useStore();
  return world && glass ? html`<${Drawer} glass=${glass} />` : null;
}

const close = () => choose({ glass: null });

function Drawer({ glass }) {
  const narrow = useNarrow();
  const box = useRef(null);
  useFocusReturned(box);
  const shown = JSON.stringify(glass);
  useEffect(() => box.current.querySelector("h2").focus(), [shown]);
  const latest = useLatest();
  const isLatest = !glass.message && !glass.story;
  const onKeyDown = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab" && narrow) keepInside(event, box.current);
  };
  return html`<aside ref=${box} class="gl-drawer" role=${narrow ? "dialog" : "complementary"} aria-modal=${narrow ? "true" : undefined}
    aria-labelledby="gl-title" onKeyDown=${onKeyDown}>
    <header class="gl-head">
      ${!isLatest && html`<button type="button" class="gl-tool" aria-label=${t("Zu den letzten Geschichten", "To the latest stories")}
        title=${t("Zu den letzten Geschichten", "To the latest stories")} onClick=${() => choose({ glass: {} })}><${Back} /></button>`}
      <h2 class="gl-title" id="gl-title" tabindex="-1">${isLatest ? t("Glaswand", "Glass wall") : t("Was steckt dahinter?", "What is behind this?")}</h2>
      <button type="button" class="gl-tool" aria-label=${t("Glaswand schließen", "Close the glass wall")} title=${t("Schließen", "Close")} onClick=${close}><${Close} /></button>
    </header>
    <div class="gl-body">
      ${isLatest
        ? html`<${Latest} stories=${latest} />`
        : glass.message
          ? html`<${OfMessage} key=${shown} glass=${glass} />`
          : html`<${Stories} key=${shown} stories=${latest?.filter(({ id }) => id === glass.story)} />`}
    </div>
  </aside>`;
}

const OfMessage = ({ glass }) => html`<${Stories} stories=${useStoriesOf(glass)} />`;

function Stories({ stories }) {
  if (!stories) return html`<p class="gl-nothing" role="status">${t("Einen Moment …", "One moment …")}</p>`;
  if (!stories.length) {
    return html`<p class="gl-nothing" role="status">
      ${t("Davon weiß die Glaswand nichts: Kumpel hat hiervon nichts erfahren, oder es ist zu lange her.", "The glass wall knows nothing of this: Kumpel was not told of it, or it was too long ago.")}
    </p>`;
  }
  return stories.map((story, index) => html`<${Story} key=${story.id} story=${story} isOpen=${index === 0} canFold=${stories.length > 1} />`);
}

/** Focus goes back to where it came from, or else to the button in the bar. */
function useFocusReturned(box) {
  useEffect(() => {
    const opener = document.activeElement;
    return () => {
      if (document.activeElement !== document.body && !box.current?.contains(document.activeElement)) return;
      const heir = opener?.isConnected && opener !== document.body ? opener : document.querySelector("[data-toggle=glass]");
      heir?.focus({ preventScroll: true });
    };
  }, []);
}

/** Tab goes round within the sheet. */
function keepInside(event, box) {
  const stops = [...box.querySelectorAll("button, select, [tabindex='0']")];
  const [first, last] = [stops[0], stops.at(-1)];
  const outside = !stops.includes(document.activeElement);
  if (event.shiftKey && (document.activeElement === first || outside)) last.focus();
  else if (!event.shiftKey && document.activeElement === last) first.focus();
  else return;
  event.preventDefault();
}

function useNarrow() {
  const [narrow, setNarrow] = useState(isNarrow());
  useEffect(() => onNarrow((event) => setNarrow(event.matches)), []);
  return narrow;
}
