/** A message in one line: for lists of chats and quotes. */
import { t } from "../words.js";
import { isService } from "./chats.js";
import { oneLine } from "./entities.js";
import { serviceWords } from "./service.js";

/** What a message says, or what it is. */
export function summary(message) {
  if (isService(message)) return serviceWords(message);
  const text = oneLine(message.text ?? message.caption ?? "", message.entities ?? message.caption_entities);
  return text || kindOf(message);
}

function kindOf(message) {
  if (message.photo) return t("Bild", "Picture");
  if (message.document) return message.document.file_name ?? t("Datei", "File");
  if (message.sticker) return t("Sticker", "Sticker");
  if (message.voice) return t("Sprachnachricht", "Voice message");
  if (message.contact) return t("Kontakt", "Contact");
  return t("Nachricht", "Message");
}
