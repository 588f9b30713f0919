/** The bar on top: who the reader is, what time it is, how the bot is, and everything else about the page. */
import { html } from "../html.js";
import { choose } from "../store.js";
import { t } from "../words.js";
import { Glass, Menu as MenuIcon, Route, Settings } from "../icons.js";
import { toggleTour } from "../tour/progress.js";
import { BotSection, BotSign } from "./bot.js";
import { ClockFace, ClockSection } from "./clock.js";
import { Menu } from "./menu.js";
import { Badge, PeopleMenu, PeopleRow, newsWords } from "./people.js";
import { unread } from "./unread.js";
import { ViewSection } from "./view.js";

const toggleGlass = (ui) => choose({ glass: ui.glass ? null : {} });

/** The bar where there is room for everything. */
export function WideBar({ world, ui, waiting }) {
  const toggle = (name, on, words, Icon, onClick) => html`<button type="button" class="sh-button" data-toggle=${name}
    aria-pressed=${on} aria-label=${words} title=${words} onClick=${onClick}><${Icon} /><span class="sh-optional">${words}</span></button>`;
  return html`<header class="sh-bar">
    <h1 class="sh-title" title=${world.hub.name}><img src="/icon.svg" alt="" width="28" height="28" /><span class="hidden">Kumpel, ${world.hub.name}</span></h1>
    <${PeopleRow} world=${world} ui=${ui} />
    <div class="sh-tools">
      <${Menu} name="clock" side="right" label=${t("Uhr der Demo", "Clock of the demo")} face=${html`<${ClockFace} world=${world} />`}>
        ${(close) => html`<${ClockSection} world=${world} done=${close} />`}
      <//>
      <${Menu} name="bot" side="right" label=${t("Bot und Störungen", "Bot and faults")} face=${html`<${BotSign} world=${world} waiting=${waiting} />`}>
        ${() => html`<${BotSection} world=${world} />`}
      <//>
      ${toggle("glass", !!ui.glass, t("Glaswand", "Glass wall"), Glass, () => toggleGlass(ui))}
      ${toggle("tour", ui.step !== null, t("Tour", "Tour"), Route, toggleTour)}
      <${Menu} name="view" side="right" arrow=${false} label=${t("Sprache und Farben", "Language and colours")} face=${html`<${Settings} />`}>
        ${() => html`<${ViewSection} ui=${ui} />`}
      <//>
    </div>
  </header>`;
}

/** The bar where there is room for one pane: tabs, and all tools in one menu. */
export function NarrowBar({ world, ui, waiting }) {
  const news = unread(world, ui, ui.me);
  const tab = (pane, name) => html`<button type="button" class="sh-tab" data-pane=${pane} aria-pressed=${ui.pane === pane}
    aria-label=${[name, newsWords(news[pane])].filter(Boolean).join(", ")} onClick=${() => choose({ pane })}>
    ${name}<${Badge} count=${ui.pane === pane ? 0 : news[pane]} />
  </button>`;
  const sign = waiting === null ? html`<${ClockFace} world=${world} short=${true} />` : html`<${BotSign} world=${world} waiting=${waiting} short=${true} />`;
  const face = html`${sign}<${MenuIcon} />`;
  return html`<header class="sh-bar sh-bar-narrow">
    <h1 class="hidden">Kumpel</h1>
    <${PeopleMenu} world=${world} ui=${ui} />
    <div class="sh-tabs" role="group" aria-label=${t("Was du siehst", "What you see")}>${tab("slack", "Slack")}${tab("telegram", "Telegram")}</div>
    <${Menu} name="more" side="right" arrow=${false} face=${face} label=${t("Mehr", "More")}>
      ${(close) => html`
        <div class="sh-section sh-actions">
          <button type="button" class="sh-action" data-toggle="tour" onClick=${() => (close(), toggleTour())}>
            <${Route} />${ui.step === null ? t("Tour zeigen", "Show the tour") : t("Tour weglegen", "Put the tour away")}
          </button>
          <button type="button" class="sh-action" data-toggle="glass" onClick=${() => (close(), toggleGlass(ui))}>
            <${Glass} />${t("Glaswand", "Glass wall")}
          </button>
        </div>
        <${ClockSection} world=${world} done=${close} />
        <${BotSection} world=${world} />
        <${ViewSection} ui=${ui} />`}
    <//>
  </header>`;
}
