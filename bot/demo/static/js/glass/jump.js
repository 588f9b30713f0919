/** From a story to its messages in the panes. */
import { become, choose, known, ui } from "../store.js";
import { isNarrow } from "../shell/view.js";

const LOOK_MS = 2000;
const MARK_MS = 1800;

/** Who sees a message: the reader, else whose story it is, else anybody of the cast; null where nobody does. */
function seer({ platform, place, message }, who = null) {
  const { people, order } = known();
  const sees = (key) => (platform === "slack" ? seesSlack(people[key].slack, place, message) : seesTelegram(people[key].telegram, place));
  return [ui().me, who, ...order].find((key) => people[key] && sees(key)) ?? null;
}

function seesSlack(user, place, message) {
  if (!user) return false;
  if (place === "home") return user === message;
  if (place === "view") return (known().slack.modals[user] ?? []).some(({ id }) => id === message);
  const shown = known().slack.messages[place]?.[message];
  return Boolean(shown) && Boolean(known().slack.channels[place]?.members.includes(user)) && [null, undefined, user].includes(shown.ephemeral_for);
}

function seesTelegram(account, place) {
  const chat = known().telegram.chats[place];
  if (!account || !chat) return false;
  return chat.person ? chat.person === account : !["left", "kicked", undefined].includes(chat.members[account]);
}

/** Whether a message still stands somewhere. */
export const stands = (which) =>
  which.platform === "telegram" ? Boolean(known().telegram.messages[which.place]?.[which.message]) && seer(which) !== null : seer(which) !== null;

/** Show a message of somebody's story where it stands; on a narrow screen the drawer makes room. */
export function jumpTo(which, who) {
  const reader = seer(which, who);
  if (!reader) return;
  if (isNarrow()) choose({ glass: null });
  become(reader, which.platform, which.platform === "slack" ? slackPlace(which) : telegramPlace(which));
  find(which, performance.now() + LOOK_MS);
}

function slackPlace({ place, message }) {
  if (place === "home") return { slack: "home", thread: null };
  if (place === "view") return {};
  const thread = known().slack.messages[place]?.[message]?.thread_ts;
  return { slack: place, thread: thread && thread !== message ? thread : null };
}

function telegramPlace({ place, message }) {
  const chat = known().telegram.chats[place];
  const shown = known().telegram.messages[place]?.[message];
  const topic = shown?.is_topic_message ? String(shown.message_thread_id) : "1";
  return { telegram: place, topic: chat?.is_forum ? topic : null };
}

/** Scroll to the message once its pane has drawn it, and mark it for a moment. */
function find({ platform, message }, until) {
  const where = platform === "slack" ? `.sh-pane-slack [data-ts="${message}"]` : `.sh-pane-telegram [data-message="${message}"]`;
  const found = [...document.querySelectorAll(where)].at(-1);
  if (!found) {
    if (performance.now() < until) requestAnimationFrame(() => find({ platform, message }, until));
    return;
  }
  found.scrollIntoView({ block: "center" });
  found.classList.add("gl-found");
  setTimeout(() => found.classList.remove("gl-found"), MARK_MS);
  if (isNarrow()) found.focus?.({ preventScroll: true });
}
