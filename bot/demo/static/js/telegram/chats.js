/** Reading Telegram's part of the world: which chats somebody has, what stands in them, what is unread. */
import { choose, known, ui as chosen } from "../store.js";
import { nameOf } from "./names.js";

/** The id of a forum's general topic, whose messages name no topic. */
export const GENERAL = "1";

/** In ui.read: up to which moment, in Unix seconds, everything counts as read. */
const EVERYWHERE = "telegram:";

const PRESENT = ["creator", "administrator", "member", "restricted"];
const CONTENT = ["text", "photo", "document", "sticker", "voice", "contact"];

/** Somebody's chats, the one with the latest message first. */
export function chatsOf(world, person) {
  const me = world.people[person].telegram;
  const latest = (chat) => latestIn(world, chat)?.date ?? (chat.person ? Infinity : 0);
  return Object.values(world.telegram.chats)
    .filter((chat) => (chat.person ? chat.person === me : isIn(chat, me) && !chat.migrated_to))
    .sort((a, b) => latest(b) - latest(a));
}

/** Whether an account is in a group. */
export const isIn = (chat, account) => PRESENT.includes(chat.members[account]);

/** How many are in a group, the bot counted. */
export const memberCount = (chat) => Object.values(chat.members).filter((status) => PRESENT.includes(status)).length;

/** The messages of a chat, or of one topic of a forum, the oldest first. */
export function messagesIn(world, chat, topic = null) {
  const all = Object.values(world.telegram.messages[chat.id] ?? {}).sort((a, b) => a.message_id - b.message_id);
  return topic === null ? all : all.filter((message) => topicOf(message) === topic);
}

/** The latest message of a chat or topic, if there is one. */
export const latestIn = (world, chat, topic = null) => messagesIn(world, chat, topic).at(-1);

/** The topic of a forum that a message belongs to. */
export const topicOf = (message) => (message.is_topic_message ? String(message.message_thread_id) : GENERAL);

/** A forum's topics, the one with the latest message first; the general one stands among them. */
export function topicsOf(world, chat) {
  const topics = [{ id: GENERAL, name: "" }, ...Object.values(chat.topics ?? {})];
  const latest = (topic) => latestIn(world, chat, topic.id)?.date ?? 0;
  return topics.sort((a, b) => latest(b) - latest(a));
}

/** Whether Telegram itself says something here: somebody came, a topic was opened. */
export const isService = (message) => !CONTENT.some((kind) => kind in message);

/** Where what was read is remembered in ui.read. */
export const readKey = (chat, topic = null) => `telegram:${chat.id}${topic === null ? "" : `:${topic}`}`;

/** How many messages of a chat or topic somebody has not read; whoever wrote has read what stood before. */
export function unreadIn(world, ui, person, chat, topic = null) {
  if (chat.is_forum && topic === null) {
    return topicsOf(world, chat).reduce((sum, each) => sum + unreadIn(world, ui, person, chat, each.id), 0);
  }
  const me = world.people[person].telegram;
  const { [readKey(chat, topic)]: upTo = 0, [EVERYWHERE]: since = 0 } = ui.read[person] ?? {};
  let read = Number(upTo);
  let count = 0;
  for (const message of messagesIn(world, chat, topic)) {
    if (String(message.from.id) === me) {
      read = Math.max(read, message.message_id);
      count = 0;
    } else if (message.message_id > read && message.date > since && !isService(message)) count += 1;
  }
  return count;
}

/** How many messages somebody has not read in all of Telegram. */
export function unreadTelegram(world, ui, person) {
  if (!world.people[person].telegram) return 0;
  return chatsOf(world, person).reduce((sum, chat) => sum + unreadIn(world, ui, person, chat), 0);
}

/** What was there before the reader came is news to nobody. */
export function markOld() {
  const { read } = chosen();
  const world = known();
  const fresh = world.order.filter((key) => read[key]?.[EVERYWHERE] === undefined);
  if (!fresh.length) return;
  const latest = Math.max(0, ...Object.values(world.telegram.messages).flatMap(Object.values).map(({ date }) => date));
  choose({ read: { ...read, ...Object.fromEntries(fresh.map((key) => [key, { ...read[key], [EVERYWHERE]: latest }])) } });
}

/** What a chat is called. */
export const titleOf = (world, chat) => (chat.person ? nameOf(world.telegram.bot) : chat.title);

/** Whose colour a chat has. */
export const faceOf = (world, chat) => (chat.person ? world.telegram.bot.id : chat.id);
