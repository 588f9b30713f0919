/** The whole page: the bar on top, Slack left, Telegram right, the glass wall beside or over them, the tour. */
import { html, useEffect, useState } from "../html.js";
import { useStore } from "../store.js";
import { t } from "../words.js";
import { SlackPane } from "../slack/pane.js";
import { TelegramPane } from "../telegram/pane.js";
import { GlassDrawer } from "../glass/drawer.js";
import { Tour } from "../tour/tour.js";
import { NarrowBar, WideBar } from "./bar.js";
import { botState, useWaiting } from "./bot.js";
import { Notices } from "./notices.js";
import { Strip } from "./strip.js";
import { unread } from "./unread.js";
import { isNarrow, onNarrow, useAppearance } from "./view.js";

const PATIENCE_MS = 6000;

/** Everything one sees. */
export function Page() {
  const [world, ui] = useStore();
  useAppearance(ui);
  const [begun, setBegun] = useState(false);
  useEffect(() => {
    if (world && !world.bot.starting) setBegun(true);
  }, [world]);
  // At first there is nothing to see: the chats are only being prepared, and what is said there is nobody's news.
  return world && (begun || !world.bot.starting) ? html`<${Running} world=${world} ui=${ui} />` : html`<${Waking} />`;
}

function Running({ world, ui }) {
  const narrow = useNarrow();
  const waiting = useWaiting(world);
  const news = unread(world, ui, ui.me).all;
  useEffect(() => {
    document.title = `${news ? `(${news}) ` : ""}Kumpel · ${world.people[ui.me].name}`;
  }, [news, ui.me]);
  const Bar = narrow ? NarrowBar : WideBar;
  return html`<div class="sh-page" data-bot=${botState(world.bot)} data-waiting=${waiting ?? ""}>
    <${Bar} world=${world} ui=${ui} waiting=${waiting} />
    <${Strip} world=${world} ui=${ui} narrow=${narrow} />
    <main class="sh-panes" data-pane=${ui.pane}>
      <section class="sh-pane sh-pane-slack" aria-label="Slack"><${SlackPane} /></section>
      <section class="sh-pane sh-pane-telegram" aria-label="Telegram"><${TelegramPane} /></section>
      <${GlassDrawer} />
    </main>
    <${Tour} world=${world} ui=${ui} />
    <${Notices} />
  </div>`;
}

function Waking() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return html`<main class="sh-waking">
    <h1 class="sh-waking-title">${t("Kumpel wacht auf …", "Kumpel is waking up …")}</h1>
    <p role="status">${late &&
      t("Das dauert länger als sonst. Läuft die Demo im Terminal noch?", "This takes longer than usual. Is the demo in the terminal still running?")}</p>
  </main>`;
}

function useNarrow() {
  const [narrow, setNarrow] = useState(isNarrow());
  useEffect(() => onNarrow((event) => setNarrow(event.matches)), []);
  return narrow;
}
