/** How a story begins, in plain words: who did what where. */
import { known } from "../store.js";
import { t } from "../words.js";
import { PLATFORMS, chatName, short, whose } from "./names.js";

const OPENINGS = {
  message: (who, where) => t(`${who} schreibt in ${where}`, `${who} writes in ${where}`),
  command: (who, where) => t(`${who} ruft in ${where} einen Befehl auf`, `${who} uses a command in ${where}`),
  press: (who, where) => t(`${who} drückt in ${where} einen Knopf`, `${who} presses a button in ${where}`),
  pick: (who, where) => t(`${who} wählt in ${where} etwas aus`, `${who} picks something in ${where}`),
  form: (who, where) => t(`${who} schickt in ${where} ein Formular ab`, `${who} sends a form in ${where}`),
  home: (who, where) => t(`${who} öffnet in ${where} die Startseite`, `${who} opens the home page in ${where}`),
  joined: (who, where) => t(`${who} holt Kumpel in ${where} dazu`, `${who} adds Kumpel in ${where}`),
  left: (who, where) => t(`${who} nimmt Kumpel in ${where} heraus`, `${who} removes Kumpel in ${where}`),
  moved: (_, where) => t(`Eine Gruppe in ${where} bekommt eine neue Nummer`, `A group in ${where} gets a new number`),
  timer: () => t("Etwas wird fällig", "Something falls due"),
  system: () => t("Kumpel meldet sich von selbst", "Kumpel acts by itself"),
};

/** "Lena schreibt in Slack" */
export const opening = (story) => (OPENINGS[story.kind] ?? OPENINGS.system)(whose(story), PLATFORMS[story.platform] ?? "");

/** Words in the reader's quotation marks. */
export const quoted = (words) => t(`„${words}“`, `“${words}”`);

/** The words said, the label pressed, the timer's name; empty if there are none. */
export function said(story) {
  const { request, delivery } = story;
  switch (story.kind) {
    case "message":
      return short(request.text ?? "");
    case "command":
      return short(`/${request.name} ${request.text}`);
    case "press":
    case "pick":
      return short(pressedLabel(delivery));
    case "form":
      return short(delivery?.view?.title?.text ?? request.form);
    case "timer":
      return `${request.kind} ${request.subject}`;
    case "joined":
    case "left":
      return chatName(story.platform, request.place?.chat ?? "");
    default:
      return "";
  }
}

function pressedLabel(delivery) {
  const [action] = delivery?.actions ?? [];
  if (action) return action.selected_option?.text?.text ?? action.selected_date ?? action.text?.text ?? "";
  const press = delivery?.callback_query;
  const keys = press?.message?.reply_markup?.inline_keyboard?.flat() ?? [];
  return keys.find((key) => key.callback_data === press?.data)?.text ?? "";
}

/** Whether something went wrong on the way: a call refused or unanswered, a handler that failed. */
export const troubled = (story) => story.state === "failed" || story.state === "again" || story.calls.some(isTrouble);

/** Whether a call did not go through. */
export const isTrouble = (call) => call.done && (call.status === 0 || call.status >= 400 || call.answer?.ok === false);

/** Key of the person whose story it is; "" for what the bot does by itself. */
export const owner = (story) => (known().people[story.who] ? story.who : "");
