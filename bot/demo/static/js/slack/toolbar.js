/** Small buttons over a message: one stop for Tab, arrow keys between them. */
import { html } from "../html.js";
import { More } from "../icons.js";
import { t } from "../words.js";
import { Menu } from "./menu.js";

/** `items` have buttons, `more` stand in a menu: [{label, icon, onChoose}] */
export function Toolbar({ label, items, more }) {
  const onKeyDown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const buttons = [...event.currentTarget.querySelectorAll(":scope > button, :scope > .sl-menu > button")];
    buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length)?.focus();
    event.preventDefault();
  };
  return html`<div class="sl-toolbar" role="toolbar" aria-label=${label} onKeyDown=${onKeyDown}>
    ${items.map(
      (item, index) => html`<button
        type="button" class="sl-icon-button" key=${item.label} aria-label=${item.label} title=${item.label}
        tabindex=${index ? -1 : 0} onClick=${item.onChoose}
      ><${item.icon} size=${16} /></button>`,
    )}
    ${more.length > 0 && html`<${Menu} label=${t("Mehr", "More")} icon=${More} items=${more} isStop=${false} />`}
  </div>`;
}
