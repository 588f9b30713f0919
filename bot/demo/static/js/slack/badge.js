/** How much is new in a place. */
import { html } from "../html.js";
import { t } from "../words.js";

/** Nothing where nothing is new. */
export const Badge = ({ count }) =>
  count > 0 ? html`<span class="sl-badge">${count}<span class="hidden"> ${t("neu", "new")}</span></span>` : null;
