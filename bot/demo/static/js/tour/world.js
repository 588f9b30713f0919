/** What the tour looks for in the world. Buttons carry the bot's own action names on the wire, in any language. */

/** The latest message of each place, to know later what is newer: {slack: ts, telegram: {chat: message id}}. */
export function newest(world) {
  const slack = Object.values(world.slack.messages).flatMap((messages) => Object.keys(messages)).sort().at(-1) ?? "";
  const chats = Object.entries(world.telegram.messages);
  return { slack, telegram: Object.fromEntries(chats.map(([chat, messages]) => [chat, lastId(messages)])) };
}

const lastId = (messages) => Math.max(0, ...Object.keys(messages).map(Number));

/** Somebody's direct message with the bot in Slack. */
export function slackDirect(world, key) {
  const { slack } = world.people[key] ?? {};
  const { channels, bot } = world.slack;
  return Object.values(channels).find(({ kind, members }) => kind === "im" && members.includes(slack) && members.includes(bot))?.id;
}

/** A channel by its name. */
export const slackChannel = (world, name) => Object.values(world.slack.channels).find((each) => each.name === name)?.id;

/** Somebody's direct chat with the bot in Telegram. */
export const telegramDirect = (world, key) =>
  Object.values(world.telegram.chats).find(({ type, person }) => type === "private" && person === world.people[key]?.telegram)?.id;

/** The first of the groups with somebody in it where the bot shows a button of that action. */
function groupWith(world, key, action) {
  const { telegram } = world.people[key] ?? {};
  const groups = Object.values(world.telegram.chats).filter(({ type, members }) => type !== "private" && members?.[telegram]);
  return groups.find(({ id }) => telegramButton(world, id, action, null))?.id;
}

/** The first of the groups with somebody in it where the bot announced an event. */
export const groupWithEvent = (world, key) => groupWith(world, key, "events:going");

/** The first of the groups with somebody in it that subscribed to events. */
export const groupThatSubscribed = (world, key) => groupWith(world, key, "events:unsubscribe");

/** The messages in a Slack channel that came after `since`, oldest first. */
export const slackNews = (world, channel, since) =>
  Object.values(world.slack.messages[channel] ?? {}).filter(({ ts }) => ts > since.slack).sort((a, b) => (a.ts < b.ts ? -1 : 1));

/** The messages in a Telegram chat that came after `since`, oldest first; null for all. */
export function telegramNews(world, chat, since) {
  const after = since?.telegram[chat] ?? 0;
  const messages = Object.values(world.telegram.messages[chat] ?? {}).filter(({ message_id }) => message_id > after);
  return messages.sort((a, b) => a.message_id - b.message_id);
}

/** Whether the bot wrote the last of these Slack messages. */
export const slackAnswered = (world, messages) => messages.length > 1 && messages.at(-1).user === world.slack.bot;

const slackButtons = (message) =>
  (message.blocks ?? []).flatMap((block) => block.elements ?? []).map(({ value, text }) => ({ value, label: text?.text, message }));

const telegramButtons = (message) =>
  (message.reply_markup?.inline_keyboard ?? []).flat().map(({ callback_data, text }) => ({ value: callback_data, label: text, message }));

const latest = (messages, buttonsOf, action) =>
  messages.reverse().flatMap(buttonsOf).find(({ value }) => value?.startsWith(action)) ?? null;

/** The latest button for this action in a Slack channel after `since`: {message, value, label}. */
export const slackButton = (world, channel, action, since) => latest(slackNews(world, channel, since), slackButtons, action);

/** The latest button for this action in a Telegram chat after `since`: {message, value, label}. */
export const telegramButton = (world, chat, action, since) => latest(telegramNews(world, chat, since), telegramButtons, action);

/** The question of a form that waits in a Telegram chat: its buttons, or nothing. */
export function formQuestion(world, chat, since) {
  const message = telegramNews(world, chat, since).at(-1);
  const buttons = message ? telegramButtons(message) : [];
  return buttons.some(({ value }) => value?.startsWith("form:")) ? buttons : null;
}

/** The form that somebody has open in Slack, or nothing. */
export const openForm = (world, key) => world.slack.modals?.[world.people[key]?.slack]?.at(-1);
