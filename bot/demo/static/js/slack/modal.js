/** Modals: forms over the workspace, with what is wrong beside each field. */
import { html, useLayoutEffect, useReducer, useRef, useState } from "../html.js";
import { Back, Close } from "../icons.js";
import { known, ui } from "../store.js";
import { act } from "../wire.js";
import { t } from "../words.js";
import { Blocks } from "./blocks.js";
import { deed, wordsOf } from "./deeds.js";
import { Dialog } from "./dialog.js";
import { forgetView, viewDraft } from "./drafts.js";
import { plainOf } from "./rich.js";
import { myself } from "./seen.js";
import { onView, Surface } from "./surface.js";
import { inputsOf, problemOf, valueOf } from "./values.js";

/** The modals that somebody has open, the top one last. */
export const modalsOf = (user) => known().slack.modals[user] ?? [];

/** The modal in front of the reader. */
export function Modal({ covered }) {
  const stack = modalsOf(myself());
  const view = stack.at(-1);
  if (!view) return null;
  return html`<div inert=${covered}><${Front} key=${`${ui().me}-${view.id}`} view=${view} isStacked=${stack.length > 1} /></div>`;
}

function Front({ view, isStacked }) {
  const [, redraw] = useReducer((n) => n + 1, 0);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const box = useRef(null);
  const draft = viewDraft(view.id);
  const untouched = Object.entries(view.errors ?? {}).filter(([block]) => !draft.touched.has(block));
  const errors = { ...Object.fromEntries(untouched), ...draft.problems };
  const wrong = Object.keys(errors).join(" ");

  useLayoutEffect(() => {
    if (wrong && !busy) box.current.querySelector(".sl-input-bad")?.querySelector(".sl-field, input")?.focus();
  }, [wrong, busy]);

  const submit = async (event) => {
    event.preventDefault();
    if (busy || !view.submit) return;
    const values = {};
    draft.problems = {};
    for (const input of inputsOf(view.blocks)) {
      const { block_id: block } = input.block;
      const { action_id: action } = input.element;
      const held = draft.values[block]?.[action];
      const value = held === undefined ? valueOf(input.element, (view.values ?? {})[block]?.[action]) : held;
      const problem = problemOf(input, value);
      if (problem) draft.problems[block] = t(...problem);
      (values[block] ??= {})[action] = value === "" ? null : value;
    }
    setFailure("");
    redraw();
    if (Object.keys(draft.problems).length) return;
    draft.touched.clear();
    setBusy(true);
    try {
      await act(ui().me, "slack.submit", { view: view.id, values });
      if (!modalsOf(view.user).some((each) => each.id === view.id)) forgetView(view.id);
    } catch (cannot) {
      setFailure(wordsOf(cannot));
    }
    setBusy(false);
  };
  const close = (all) => {
    forgetView(view.id);
    deed("slack.close", { view: view.id, all });
  };
  const title = plainOf(view.title);
  const submitLabel = plainOf(view.submit);
  return html`<${Dialog} label=${title} className="sl-modal" onEscape=${() => close(false)}>
    <form class="sl-form" ref=${box} noValidate onSubmit=${submit} aria-busy=${busy || undefined}>
      <header class="sl-dialog-head">
        ${isStacked &&
        html`<button type="button" class="sl-icon-button" aria-label=${t("Zurück", "Back")} onClick=${() => close(false)}><${Back} /></button>`}
        <h2>${title}</h2>
        <button type="button" class="sl-icon-button" aria-label=${t("Schließen", "Close")} onClick=${() => close(true)}><${Close} /></button>
      </header>
      <div class="sl-dialog-body">
        <${Surface.Provider} value=${onView(view, redraw, errors)}><${Blocks} blocks=${view.blocks} /><//>
      </div>
      <footer class="sl-dialog-foot">
        ${failure && html`<p class="sl-problem" role="alert">${failure}</p>`}
        <button type="button" class="sl-button" onClick=${() => close(false)}>${plainOf(view.close) || t("Schließen", "Close")}</button>
        ${view.submit &&
        html`<button type="submit" class="sl-button sl-primary" aria-disabled=${busy || view.submit_disabled || undefined} aria-busy=${busy || undefined}>
          ${busy ? t("Einen Moment …", "One moment …") : submitLabel}
        </button>`}
      </footer>
    </form>
  <//>`;
}
