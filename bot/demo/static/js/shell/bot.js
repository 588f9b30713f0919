/** How the bot is: running or not, what waits to be sent, what goes wrong on the platforms, and how to try that. */
import { html, useEffect, useRef, useState } from "../html.js";
import { t } from "../words.js";
import { attempt } from "./deeds.js";

const SHORTLY_MS = 500;
const DONE_MS = 4000;

const KINDS = [
  ["429", () => t("Zu viele Anfragen (429)", "Too many requests (429)")],
  ["5xx", () => t("Serverfehler (5xx)", "Server trouble (5xx)")],
  ["silence", () => t("Keine Antwort (Stille)", "No answer (silence)")],
  ["drop", () => t("Verbindung bricht ab", "Connection drops")],
];
export const PLATFORMS = [["slack", "Slack"], ["telegram", "Telegram"]];

/** How the bot is in one word. */
export const botState = (bot) => (bot.starting ? "waking" : bot.running ? "running" : "stopped");

const waitingNow = (world) => (world.waiting?.slack ?? 0) + (world.waiting?.telegram ?? 0);

/**
 * How many messages wait, for people to see: what is sent at once doesn't show; 0 for a while after the last one
 * went through; null when there is nothing to say.
 */
export function useWaiting(world) {
  const count = waitingNow(world);
  const [shown, setShown] = useState(null);
  const latest = useRef(count);
  latest.current = count;
  const waits = count > 0;
  useEffect(() => {
    if (waits) {
      const timer = setTimeout(() => setShown(latest.current), SHORTLY_MS);
      return () => clearTimeout(timer);
    }
    setShown((before) => (before === null ? null : 0));
    const timer = setTimeout(() => setShown(null), DONE_MS);
    return () => clearTimeout(timer);
  }, [waits]);
  return shown ? count || shown : shown;
}

/** "3 warten", "alles zugestellt", or nothing. */
export function waitingWords(waiting, short) {
  if (waiting === null) return "";
  if (waiting === 0) return short ? t("alles da", "all there") : t("alles zugestellt", "all delivered");
  return waiting === 1 ? t("1 wartet", "1 waits") : t(`${waiting} warten`, `${waiting} wait`);
}

/** The bot's state in words. */
export const botWords = (bot) =>
  ({ waking: t("Kumpel wacht auf …", "Kumpel is waking up …"), running: t("Kumpel läuft", "Kumpel runs"), stopped: t("Kumpel steht", "Kumpel is stopped") })[botState(bot)];

/** The state as a dot with words. */
export function BotSign({ world, waiting, short = false }) {
  const words = waitingWords(waiting, short) || botWords(world.bot);
  const troubled = Object.keys(world.faults ?? {}).length > 0;
  const state = botState(world.bot);
  const kind = state === "stopped" ? state : waiting ? "waiting" : troubled ? "troubled" : state;
  return html`<span class=${`sh-dot sh-dot-${kind}`} aria-hidden="true"></span><span class="sh-sign">${words}</span>`;
}

/** Stop, crash and start the bot; break and heal the platforms. */
export function BotSection({ world }) {
  const state = botState(world.bot);
  const [busy, setBusy] = useState(false);
  const doing = async (name) => {
    setBusy(true);
    await attempt(name);
    setBusy(false);
  };
  const button = (name, words) => html`<button type="button" class="sh-action" data-deed=${name}
    disabled=${busy || state === "waking"} onClick=${() => doing(name)}>${words}</button>`;
  const { slack = 0, telegram = 0 } = world.waiting ?? {};
  return html`<section class="sh-section" aria-label="Kumpel">
    <h2 class="sh-heading">${botWords(world.bot)}</h2>
    <p class="sh-note">${slack + telegram
      ? t(`Noch nicht zugestellt: Slack ${slack}, Telegram ${telegram}.`, `Not delivered yet: Slack ${slack}, Telegram ${telegram}.`)
      : t("Alles zugestellt.", "All delivered.")}</p>
    <div class="sh-actions">
      ${state === "stopped"
        ? button("world.start", t("Starten", "Start"))
        : html`${button("world.stop", t("Anhalten", "Stop"))}${button("world.crash", t("Abstürzen lassen", "Let it crash"))}`}
    </div>
    <${Faults} world=${world} />
  </section>`;
}

function Faults({ world }) {
  const faults = Object.values(world.faults ?? {});
  return html`<h2 class="sh-heading">${t("Störungen", "Faults")}</h2>
    <p class="sh-note">${t("Was die Plattformen dem Bot antworten. Verloren geht dabei nichts.", "What the platforms answer the bot. Nothing is lost by it.")}</p>
    <div class="sh-faults">
      ${PLATFORMS.map(([platform, name]) => html`<fieldset class="sh-fault-side" key=${platform}>
        <legend>${name}</legend>
        ${KINDS.map(([kind, words]) => {
          const on = faults.some((fault) => fault.platform === platform && fault.kind === kind);
          const toggle = ({ target }) => attempt("world.fault", { platform, kind, on: target.checked });
          return html`<label class="sh-switch" key=${kind}>
            <input type="checkbox" role="switch" checked=${on} data-fault=${`${platform}-${kind}`} onChange=${toggle} />
            <span>${words()}</span>
          </label>`;
        })}
      </fieldset>`)}
    </div>
    <div class="sh-actions">
      <button type="button" class="sh-action" data-deed="world.heal" disabled=${!faults.length} onClick=${() => attempt("world.heal")}>
        ${t("Alles wieder gut", "Heal everything")}
      </button>
    </div>`;
}
