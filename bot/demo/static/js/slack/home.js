/** The app's start page. */
import { html, useReducer } from "../html.js";
import { known } from "../store.js";
import { t } from "../words.js";
import { Blocks } from "./blocks.js";
import { myself } from "./seen.js";
import { onView, Surface } from "./surface.js";

/** What the app published for the person that the reader is. */
export function HomeTab() {
  const [, redraw] = useReducer((n) => n + 1, 0);
  const view = known().slack.homes[myself()];
  if (!view) {
    const away = !known().bot.running;
    return html`<div class="sl-empty" role="status"><p>
      ${away ? t("Kumpel ist gerade aus; die Startseite kommt, wenn er wieder da ist.", "Kumpel is off just now; the home tab comes when it is back.") : t("Die Startseite kommt gleich …", "The home tab is on its way …")}
    </p></div>`;
  }
  return html`<div class="sl-home" tabindex="0" role="region" aria-label=${t("Startseite", "Home tab")}>
    <${Surface.Provider} value=${onView(view, redraw)}><${Blocks} key=${view.id} blocks=${view.blocks} /><//>
  </div>`;
}
