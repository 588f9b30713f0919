/** How the page looks: language, theme. */
import { html, useEffect } from "../html.js";
import { choose } from "../store.js";
import { t } from "../words.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 899px)");

/** Whether there is room for one pane only. */
export const isNarrow = () => narrow.matches;

/** Tell when that changes; what is returned ends it. */
export function onNarrow(listener) {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}

/** Keep the document's theme and language to what the reader chose. */
export function useAppearance(ui) {
  useEffect(() => {
    document.documentElement.lang = ui.language;
  }, [ui.language]);
  useEffect(() => {
    const show = () => {
      document.documentElement.dataset.theme = ui.theme || (dark.matches ? "dark" : "light");
    };
    show();
    dark.addEventListener("change", show);
    return () => dark.removeEventListener("change", show);
  }, [ui.theme]);
}

/** Language and theme. */
export function ViewSection({ ui }) {
  const choice = (name, legend, options) => html`<fieldset class="sh-choice">
    <legend class="sh-heading">${legend}</legend>
    ${options.map(([value, words]) => html`<label key=${value}>
      <input type="radio" name=${`sh-${name}`} value=${value} checked=${ui[name] === value} onChange=${() => choose({ [name]: value })} />
      <span>${words}</span>
    </label>`)}
  </fieldset>`;
  return html`<section class="sh-section" aria-label=${t("Ansicht", "View")}>
    ${choice("language", t("Sprache der Seite", "Language of the page"), [["de", "Deutsch"], ["en", "English"]])}
    ${choice("theme", t("Farben", "Colours"), [["light", t("Hell", "Light")], ["dark", t("Dunkel", "Dark")], ["", t("Wie das System", "As the system")]])}
    <p class="sh-note">${t("Kumpel selbst spricht mit jedem in dessen Sprache.", "Kumpel itself speaks everybody’s own language.")}</p>
  </section>`;
}
