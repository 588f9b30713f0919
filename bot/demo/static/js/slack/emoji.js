/** Emoji by the names that Slack gives them; those without an entry are shown as :name:. */
const NAMES = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", thumbsdown: "👎", wave: "👋", clap: "👏", pray: "🙏", muscle: "💪", ok_hand: "👌",
  point_right: "👉", point_left: "👈", point_up: "☝️", point_down: "👇", raised_hands: "🙌", handshake: "🤝", eyes: "👀",
  smile: "😄", smiley: "😃", grinning: "😀", slightly_smiling_face: "🙂", wink: "😉", joy: "😂", sweat_smile: "😅",
  thinking_face: "🤔", cry: "😢", tada: "🎉", sparkles: "✨", fire: "🔥", rocket: "🚀", star: "⭐", heart: "❤️", zap: "⚡",
  bulb: "💡", bell: "🔔", calendar: "📅", date: "📅", spiral_calendar_pad: "🗓️", clock: "🕐", alarm_clock: "⏰", hourglass: "⌛",
  paperclip: "📎", pushpin: "📌", memo: "📝", pencil: "📝", email: "📧", link: "🔗", lock: "🔒", key: "🔑", house: "🏠",
  office: "🏢", desktop_computer: "🖥️", computer: "💻", coffee: "☕", pizza: "🍕", beer: "🍺", seedling: "🌱", construction: "🚧",
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", question: "❓", exclamation: "❗", no_entry: "⛔",
  information_source: "ℹ️", arrow_right: "➡️", arrow_left: "⬅️", red_circle: "🔴", large_blue_circle: "🔵", large_green_circle: "🟢",
};

/** The emoji of a name; `unicode` ("1f44d-1f3fd") goes first. */
export function emoji(name, unicode) {
  if (unicode && /^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/i.test(unicode)) {
    return String.fromCodePoint(...unicode.split("-").map((point) => Math.min(parseInt(point, 16), 0x10ffff)));
  }
  return NAMES[name] ?? `:${name}:`;
}

/** A text in which :name: becomes an emoji. */
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (_, name) => emoji(name));
