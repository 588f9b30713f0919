/** Days and hours as the chats show them, in the hub's time zone. All moments are Unix seconds. */
import { known, now } from "../store.js";
import { locale, t } from "../words.js";

const DAY = 86_400;
const formats = new Map();

/** A moment in the reader's language, with the options of Intl.DateTimeFormat. */
export function formatted(seconds, options) {
  const key = `${locale()} ${zone()} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale(), { timeZone: zone(), ...options }));
  return formats.get(key).format(seconds * 1000);
}

/** 10:42 */
export const clockTime = (seconds) => formatted(seconds, { hour: "2-digit", minute: "2-digit", hour12: false });

/** 2026-11-22: the same for all moments of a day. */
export const dayOf = (seconds) => formatted(seconds, { year: "numeric", month: "2-digit", day: "2-digit" });

/** Today, yesterday, or the date. */
export function dayName(seconds) {
  const day = dayOf(seconds);
  if (day === dayOf(present())) return t("Heute", "Today");
  if (day === dayOf(present() - DAY)) return t("Gestern", "Yesterday");
  return formatted(seconds, { weekday: "short", day: "numeric", month: "long" });
}

/** As short as a list of chats wants it: the time, the weekday, or the date. */
export function shortMoment(seconds) {
  if (dayOf(seconds) === dayOf(present())) return clockTime(seconds);
  if (present() - seconds < 6 * DAY) return formatted(seconds, { weekday: "short" });
  return formatted(seconds, { day: "2-digit", month: "2-digit" });
}

/** A moment in full, for the one who looks closer. */
export const fullMoment = (seconds) => formatted(seconds, { dateStyle: "full", timeStyle: "short" });

/** How far away a moment is: in 3 hours, 2 days ago. */
export function distance(seconds) {
  const away = seconds - present();
  const [size, unit] = [[DAY, "day"], [3600, "hour"], [60, "minute"]].find(([size]) => Math.abs(away) >= size) ?? [1, "second"];
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.round(away / size), unit);
}

const present = () => now().getTime() / 1000;
const zone = () => known().zone ?? "Europe/Berlin";
