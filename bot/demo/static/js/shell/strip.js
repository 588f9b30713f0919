/** One line under the bar while something is not as usual. */
import { html } from "../html.js";
import { t } from "../words.js";
import { Restart, Warning } from "../icons.js";
import { attempt } from "./deeds.js";
import { PLATFORMS, botState } from "./bot.js";

export function Strip({ world, ui, narrow }) {
  if (!ui.connected)
    return html`<div class="sh-strip sh-strip-bad" role="alert"><${Restart} />
      ${t("Die Verbindung zur Demo ist weg. Ich versuche es weiter …", "The connection to the demo is gone. Trying again …")}
    </div>`;
  const state = botState(world.bot);
  if (state === "waking")
    return html`<div class="sh-strip" role="status"><span class="sh-dot sh-dot-waking" aria-hidden="true"></span>
      ${t("Kumpel wacht auf …", "Kumpel is waking up …")}
    </div>`;
  if (state === "stopped")
    return html`<div class="sh-strip sh-strip-warn" role="status"><${Warning} />
      <span>${t("Kumpel steht. Was du schreibst, holt er nach.", "Kumpel is stopped. It will catch up.")}</span>
      <button type="button" class="sh-action" data-deed="strip.start" onClick=${() => attempt("world.start")}>${t("Starten", "Start")}</button>
    </div>`;
  const troubled = PLATFORMS.filter(([platform]) => Object.values(world.faults).some((fault) => fault.platform === platform));
  if (!narrow || !troubled.length) return null;
  const names = troubled.map(([, name]) => name).join(", ");
  return html`<div class="sh-strip sh-strip-warn" role="status"><${Warning} />${t(`Störung: ${names}`, `Fault: ${names}`)}</div>`;
}
