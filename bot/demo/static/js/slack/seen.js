/** What somebody sees of the workspace, read from what the server told. */
import { choose, known, place, ui } from "../store.js";

/** In `place().slack`: the app's start page, and the direct message with the app before there is one. */
export const HOME = "home";
export const DIRECT = "im";

const JOINS = new Set(["channel_join", "group_join", "channel_leave", "group_leave"]);

/** The user id of somebody; null for people who are not in the workspace. */
export const account = (world, key) => world.people[key]?.slack ?? null;

/** The user id of the person that the reader is. */
export const myself = () => account(known(), ui().me);

/** A user's name as others see it. */
export function nameOf(id) {
  const user = known().slack.users[id];
  return user ? user.real_name || user.name : id;
}

/** Whether a message only says that somebody came or left. */
export const isJoin = (message) => JOINS.has(message.subtype);

/** Somebody's conversations: {app: channel | null, channels, directs}. */
export function conversations(world, user) {
  const mine = Object.values(world.slack.channels).filter((each) => each.members.includes(user));
  const withBot = (each) => each.kind === "im" && each.members.includes(world.slack.bot);
  return {
    app: mine.find(withBot) ?? null,
    channels: mine.filter((each) => each.kind === "channel" || each.kind === "group").sort(byName),
    directs: mine.filter((each) => (each.kind === "im" || each.kind === "mpim") && !withBot(each)),
  };
}

const byName = (one, other) => one.name.localeCompare(other.name);
const byTime = (one, other) => (one.ts < other.ts ? -1 : 1);

/** Where the reader looks: {tab: "home" | "messages" | null, channel | null}; a tab only in the app. */
export function looking() {
  const { app, channels, directs } = conversations(known(), myself());
  const wanted = place().slack;
  if (wanted === HOME) return { tab: "home", channel: app };
  const found = [...channels, ...directs].find((each) => each.id === wanted);
  return found ? { tab: null, channel: found } : { tab: "messages", channel: app };
}

/** What a user sees in a conversation, oldest first. */
export function messagesIn(world, channel, user) {
  const all = Object.values(world.slack.messages[channel] ?? {});
  return all.filter((each) => !each.ephemeral_for || each.ephemeral_for === user).sort(byTime);
}

/** Whether a message stands in a thread, under another. */
export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

/** A conversation as it is shown: {top: messages, replies: {ts: messages}}. */
export function sorted(messages) {
  const stands = new Set(messages.map((each) => each.ts));
  const top = [];
  const replies = {};
  for (const each of messages) {
    const below = isReply(each) && stands.has(each.thread_ts);
    if (below) (replies[each.thread_ts] ??= []).push(each);
    if (!below || each.subtype === "thread_broadcast") top.push(each);
  }
  return { top, replies };
}

const EVERYWHERE = "slack:*";
const markOf = (channel, thread) => (thread ? `slack:${channel}:${thread}` : `slack:${channel}`);

/** Up to which message somebody has read; times compare as text. */
export function readUpTo(chosen, key, channel, thread = null) {
  const read = chosen.read[key] ?? {};
  const [mark, first] = [read[markOf(channel, thread)] ?? "", read[EVERYWHERE] ?? ""];
  return mark > first ? mark : first;
}

/** The messages of others that somebody has not read in a conversation. */
export function news(world, chosen, key, channel) {
  const user = account(world, key);
  const messages = messagesIn(world, channel, user);
  const { replies } = sorted(messages);
  const follows = (ts) =>
    world.slack.messages[channel]?.[ts]?.user === user ||
    replies[ts].some((each) => each.user === user || each.ephemeral_for || each.text?.includes(`<@${user}>`));
  return messages.filter((each) => {
    if (each.user === user || isJoin(each)) return false;
    const thread = isReply(each) && replies[each.thread_ts] ? each.thread_ts : null;
    return each.ts > readUpTo(chosen, key, channel, thread) && (!thread || follows(thread));
  });
}

/** How many messages somebody has not read in all of Slack. */
export function unreadSlack(world, chosen, key) {
  const user = account(world, key);
  if (!user) return 0;
  const { app, channels, directs } = conversations(world, user);
  const all = [...channels, ...directs, ...(app ? [app] : [])];
  return all.reduce((sum, channel) => sum + news(world, chosen, key, channel.id).length, 0);
}

/** Remember that the reader has read a conversation or thread up to a message. */
export function markRead(channel, thread, ts) {
  const { me, read } = ui();
  if (readUpTo(ui(), me, channel, thread) >= ts) return;
  choose({ read: { ...read, [me]: { ...read[me], [markOf(channel, thread)]: ts } } });
}

/** What was there before the reader came is news to nobody. */
export function markOld() {
  const { read } = ui();
  const world = known();
  const fresh = world.order.filter((key) => account(world, key) && !read[key]?.[EVERYWHERE]);
  if (!fresh.length) return;
  const times = Object.values(world.slack.messages).flatMap((messages) => Object.keys(messages));
  const latest = times.sort().at(-1) ?? "0";
  const marked = fresh.map((key) => [key, { ...read[key], [EVERYWHERE]: latest }]);
  choose({ read: { ...read, ...Object.fromEntries(marked) } });
}
