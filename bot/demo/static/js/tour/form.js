/** The form of an event: filling it in, and sending it. */
import { now } from "../store.js";
import { t } from "../words.js";
import { put, type } from "./hands.js";

const AHEAD_MS = 14 * 86_400_000;
const NEEDED = ["title", "day", "time", "place"];

const dialog = () => document.querySelector(".sl-pane [role=dialog]");
const input = (block) => dialog()?.querySelector(`[data-block="${block}"] :is(input, textarea)`);
const submit = () => dialog()?.querySelector("button[type=submit]");
const firstEmpty = () => NEEDED.map(input).find((field) => field && !field.value);

async function fill() {
  const answers = {
    title: "Startup-Night",
    day: new Date(now().getTime() + AHEAD_MS).toISOString().slice(0, 10),
    time: "18:30",
    place: "Dortmund",
    text: "Fünf Pitches, danach Essen und Leute.",
    seats: "50",
  };
  for (const [block, answer] of Object.entries(answers)) {
    const field = input(block);
    if (field?.type === "date") put(field, answer);
    else if (field) await type(field, answer);
  }
}

/** The acts for a form that `open(world)` finds. */
export const eventForm = (open) => [
  {
    ready: open,
    here: firstEmpty,
    help: fill,
    helps: () => t("Für mich ausfüllen", "Fill it in for me"),
    words: () => t("Füll das Formular aus.", "Fill in the form."),
  },
  {
    ready: (world) => open(world) && dialog() && !firstEmpty(),
    here: submit,
    help: () => submit()?.click(),
    words: () => t(`Drück auf „${submit()?.textContent.trim()}“.`, `Press “${submit()?.textContent.trim()}” (preview).`),
  },
];
