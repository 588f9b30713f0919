/** What people and places are called in a story. */
import { known } from "../store.js";
import { locale, t } from "../words.js";

export const PLATFORMS = { slack: "Slack", telegram: "Telegram" };

/** Who a story is about. */
export const whose = (story) => known().people[story.who]?.name || story.name || "Kumpel";

/** A chat by the name that its platform gives it, as the store knows it: "T1:C1" in Slack, "-100…" in Telegram. */
export function chatName(platform, chat) {
  const id = chat.slice(chat.lastIndexOf(":") + 1);
  return platform === "slack" ? slackName(id) : telegramName(id);
}

function slackName(id) {
  const { users, channels, bot } = known().slack;
  if (users[id]) return withPerson(users[id].real_name || users[id].name);
  const channel = channels[id];
  if (!channel) return id;
  if (channel.kind !== "im") return `#${channel.name}`;
  const other = users[channel.members.find((member) => member !== bot)];
  return withPerson(other?.real_name || other?.name || "");
}

function telegramName(id) {
  const chat = known().telegram.chats[id];
  if (!chat) return id;
  return chat.person ? withPerson(known().telegram.users[chat.person]?.first_name ?? "") : chat.title;
}

const withPerson = (name) => t(`Direktchat mit ${name}`, `direct chat with ${name}`);

/** Where a message of a story stands. */
export function placeName({ platform, place, message }) {
  if (place === "home") return t(`Startseite von ${slackUser(message)}`, `${slackUser(message)}’s home page`);
  if (place === "view") return t("Formular in Slack", "form in Slack");
  return `${PLATFORMS[platform]}, ${chatName(platform, place)}`;
}

const slackUser = (id) => known().slack.users[id]?.real_name ?? id;

/** 14:05:09 in the hub's zone. */
export const clock = (iso) =>
  new Intl.DateTimeFormat(locale(), { timeZone: known().zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(new Date(iso));

/** A number as it is written in the reader's language. */
export const number = (value, digits = 0) => value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** "1 row", "3 rows". */
export const count = (n, one, many) => `${number(n)} ${n === 1 ? one : many}`;

/** Cut to one short line. */
export const short = (text, length = 70) => {
  const line = String(text ?? "").replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
};
