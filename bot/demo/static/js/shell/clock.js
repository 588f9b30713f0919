/** The sandbox's clock: what time it is there, and moving it on. */
import { html, useEffect, useState } from "../html.js";
import { now } from "../store.js";
import { locale, t } from "../words.js";
import { Clock, Next } from "../icons.js";
import { attempt } from "./deeds.js";
import { notice } from "./notices.js";

const SOME = 3;
/** What falls due without anybody seeing it. */
const QUIET = new Set(["events.reached", "notices.progress"]);

/** "So., 22. Nov., 05:42" in the hub's zone. */
export function saidDate(moment, zone) {
  const parts = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat(locale(), { ...parts, timeZone: zone }).format(new Date(moment));
}

const saidTime = (moment, zone) =>
  new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(moment);

/** The time there, running on. */
export function ClockFace({ world, short = false }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const moment = now();
  return html`${!short && html`<${Clock} />`}<time class="sh-time" datetime=${moment.toISOString()}>
    ${short ? saidTime(moment, world.zone) : saidDate(moment, world.zone)}
  </time>`;
}

/** Ways to move the clock on. */
export function ClockSection({ world, done = () => {} }) {
  const [moving, setMoving] = useState(false);
  const move = async (to) => {
    setMoving(true);
    const moved = await attempt("world.move", { to });
    setMoving(false);
    if (!moved) return;
    notice(`${t("Jetzt ist es", "It is now")} ${saidDate(moved.now, world.zone)}. ${saidDue(moved.due)}`);
    done();
  };
  const coming = (moment) => Date.parse(moment) > now();
  const events = world.events.filter(({ at }) => coming(at)).slice(0, SOME);
  const isEvent = (moment) => events.some(({ at }) => Date.parse(at) === Date.parse(moment));
  const reminder = world.next.find(({ at, kind }) => coming(at) && !QUIET.has(kind) && !isEvent(at));
  const way = (to, words, note, name) => html`<li key=${name}>
    <button type="button" class="sh-item" data-move=${name} disabled=${moving} onClick=${() => move(to)}>
      <${Next} /><span class="sh-item-words"><b>${words}</b>${note && html`<small>${note}</small>`}</span>
    </button>
  </li>`;
  return html`<section class="sh-section" aria-label=${t("Uhr", "Clock")} aria-busy=${moving}>
    <h2 class="sh-heading">${t("Zeit vergehen lassen", "Let time pass")}</h2>
    <ul class="sh-list">
      ${way("hour", t("Eine Stunde weiter", "One hour on"), "", "hour")}
      ${way("morning", t("Bis morgen früh", "Until tomorrow morning"), "", "morning")}
      ${reminder && way(reminder.at, t("Bis zur nächsten Erinnerung", "Until the next reminder"), saidDate(reminder.at, world.zone), "reminder")}
      ${events.map(({ id, title, at }) => way(at, t(`Bis ${title}`, `Until ${title}`), saidDate(at, world.zone), `event-${id}`))}
    </ul>
    ${moving && html`<p class="sh-note" role="status">${t("Die Zeit läuft …", "Time is passing …")}</p>`}
  </section>`;
}

function saidDue(due) {
  if (!due) return t("Fällig war dabei nichts.", "Nothing was due.");
  return due === 1 ? t("Eine Sache war fällig.", "One thing was due.") : t(`${due} Sachen waren fällig.`, `${due} things were due.`);
}
