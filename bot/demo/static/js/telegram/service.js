/** What Telegram itself says between the messages. */
import { t } from "../words.js";
import { nameOf, senderName } from "./names.js";

/** The words of a service message, in the reader's language. */
export function serviceWords(message) {
  const who = senderName(message);
  if (message.group_chat_created || message.supergroup_chat_created) {
    return t(`${who} hat die Gruppe angelegt`, `${who} created the group`);
  }
  if (message.new_chat_members) {
    const came = message.new_chat_members;
    const names = came.map(nameOf).join(", ");
    if (came.length === 1 && String(came[0].id) === String(message.from.id)) {
      return t(`${names} ist jetzt dabei`, `${names} joined the group`);
    }
    return t(`${who} hat ${names} hinzugefügt`, `${who} added ${names}`);
  }
  if (message.left_chat_member) {
    const name = nameOf(message.left_chat_member);
    const byThemselves = String(message.left_chat_member.id) === String(message.from.id);
    return byThemselves ? t(`${name} ist gegangen`, `${name} left the group`) : t(`${who} hat ${name} entfernt`, `${who} removed ${name}`);
  }
  if (message.new_chat_title) return t(`Die Gruppe heißt jetzt „${message.new_chat_title}“`, `The group is now called “${message.new_chat_title}”`);
  if (message.forum_topic_created) {
    const { name } = message.forum_topic_created;
    return t(`${who} hat das Thema „${name}“ eröffnet`, `${who} opened the topic “${name}”`);
  }
  if (message.forum_topic_closed) return t(`${who} hat das Thema geschlossen`, `${who} closed the topic`);
  if (message.forum_topic_reopened) return t(`${who} hat das Thema wieder geöffnet`, `${who} reopened the topic`);
  if (message.pinned_message) return t(`${who} hat eine Nachricht angeheftet`, `${who} pinned a message`);
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) {
    return t("Die Gruppe ist jetzt eine Supergruppe", "The group is now a supergroup");
  }
  return t("Hier hat sich etwas geändert", "Something changed here");
}
