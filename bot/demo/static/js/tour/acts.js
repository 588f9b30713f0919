/** What a step consists of: saying something, pressing a button. */
import { t } from "../words.js";
import { say } from "./hands.js";

const field = (pane) => document.querySelector(pane === "slack" ? ".sl-main .sl-composer-text" : ".tg-field");
const starter = (pane) => (pane === "telegram" ? document.querySelector(".tg-start") : null);

/** Saying `text()` to the bot; in Telegram the bot has to be started first. */
export function saying(pane, text) {
  return {
    ready: () => true,
    here: () => starter(pane) ?? field(pane)?.closest(".sl-composer-box, .tg-line"),
    help: async () => {
      starter(pane)?.click();
      if (starter(pane)) await gone(() => starter(pane));
      if (field(pane)) await say(field(pane), text());
    },
    words: () => (starter(pane) ? t("Drück auf „Starten“, und schreib:", "Press “Start”, and write:") : t("Schreib:", "Write:")) + t(` „${text()}“`, ` “${text()}”`),
  };
}

/** Pressing a button that `found` finds in the world; `gloss()` says in English what stands on it in German. */
export function pressing(pane, found, gloss) {
  const here = (world, since) => {
    const button = found(world, since);
    return button && document.querySelector(`.sh-pane-${pane} button[value="${CSS.escape(button.value)}"]`);
  };
  return {
    ready: found,
    here,
    help: (world, since) => here(world, since)?.click(),
    words: (world, since) => {
      const { label } = found(world, since) ?? { label: "" };
      return t(`Drück auf „${label}“.`, `Press “${label}”${gloss ? ` (${gloss()})` : ""}.`);
    },
  };
}

async function gone(find, tries = 40) {
  while (find() && tries--) await new Promise((resolve) => setTimeout(resolve, 50));
}
