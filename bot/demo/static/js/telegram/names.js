/** Who is who in Telegram: names, colours, initials. */
import { html } from "../html.js";
import { t } from "../words.js";

const COLOURS = 7;

/** Somebody's name; of an anonymous admin, the group's. */
export const senderName = (message) => message.sender_chat?.title ?? nameOf(message.from);

/** First and last name of a User. */
export const nameOf = (user) => [user?.first_name, user?.last_name].filter(Boolean).join(" ") || t("Jemand", "Somebody");

/** The number of the colour that an id has everywhere. */
export const colourOf = (id) => [...String(id)].reduce((sum, digit) => (sum * 31 + digit.charCodeAt(0)) % 997, 0) % COLOURS;

/** The round picture of a person or a group: its initials. */
export function Avatar({ id, name, small = false }) {
  const initials = name.split(/[\s-]+/).filter(Boolean).slice(0, 2).map((word) => [...word][0]).join("");
  return html`<span class="tg-avatar tg-avatar-${colourOf(id)} ${small ? "tg-avatar-small" : ""}" aria-hidden="true">
    ${initials.toUpperCase()}
  </span>`;
}
