/** What the reader does in Slack, as the person they are. */
import { choose, known, lookAt, ui } from "../store.js";
import { act } from "../wire.js";
import { t, told } from "../words.js";
import { notice } from "../shell/notices.js";
import { DIRECT } from "./seen.js";

/** Do something; its result, or null when it could not be done, which the reader is told. */
export async function deed(name, args = {}) {
  try {
    return await act(ui().me, name, args);
  } catch (cannot) {
    notice(wordsOf(cannot));
    return null;
  }
}

/** Why something could not be done, in the reader's language. */
export function wordsOf(cannot) {
  return told(cannot.words) || t("Das ging gerade nicht.", "That did not work just now.");
}

const TELEGRAM = /^(?:https?:\/\/(?:t|telegram)\.me\/|tg:\/\/)/i;
const DIRECT_CHAT = /^https:\/\/slack\.com\/app_redirect\?/;
const SAFE = /^(?:https?:|mailto:|tel:|slack:|tg:)/i;

/** Whether a link leads to somewhere on this page. */
export const staysHere = (url) => TELEGRAM.test(url) || DIRECT_CHAT.test(url);

/** The address if a browser may follow it, otherwise nothing. */
export const safe = (url) => (SAFE.test(url ?? "") ? url : undefined);

/** Follow a link that leads to somewhere on this page. */
export async function follow(url) {
  if (DIRECT_CHAT.test(url)) return lookAt({ slack: DIRECT, thread: null });
  if (!known().people[ui().me].telegram) {
    const { name } = known().people[ui().me];
    return notice(t(`${name} ist nicht in Telegram.`, `${name} is not on Telegram.`));
  }
  const result = await deed("telegram.open", { url });
  if (!result) return;
  lookAt({ telegram: String(result.chat), topic: null });
  choose({ pane: "telegram" });
}
