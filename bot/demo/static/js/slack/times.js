/** Days and times as the workspace shows them: in its own zone, in the reader's language. */
import { known } from "../store.js";
import { locale, t } from "../words.js";

const formats = new Map();

function format(options, language = locale()) {
  const zone = known().zone;
  const key = JSON.stringify([language, zone, options]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, { timeZone: zone, ...options }));
  return formats.get(key);
}

const NUMERIC = { year: "numeric", month: "2-digit", day: "2-digit" };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY_MS = 86_400_000;

/** A message's time as a Date; ts counts seconds. */
export const dateOf = (ts) => new Date(Number(ts) * 1000);

/** 14:05 */
export const clock = (date) => format(CLOCK).format(date);

/** The calendar day, as 2026-11-24. */
export const dayOf = (date) => format(NUMERIC, "en-CA").format(date);

/** "Today", "Yesterday", or nothing. */
function nearDay(date) {
  const now = new Date(known().now);
  const days = [
    [0, t("Heute", "Today")],
    [-1, t("Gestern", "Yesterday")],
    [1, t("Morgen", "Tomorrow")],
  ];
  return days.find(([offset]) => dayOf(new Date(+now + offset * DAY_MS)) === dayOf(date))?.[1];
}

/** What stands between the messages of two days. */
export const dayLine = (date) => nearDay(date) ?? format({ weekday: "long", day: "numeric", month: "long" }).format(date);

/** The whole moment, for titles. */
export const moment = (date) => format({ dateStyle: "full", timeStyle: "short" }).format(date);

const SHORT = { day: "numeric", month: "short", year: "numeric" };
const PLAIN = { day: "numeric", month: "long", year: "numeric" };
const LONG = { weekday: "long", ...PLAIN };
const TOKENS = {
  date_num: (date) => dayOf(date),
  date: (date) => format(PLAIN).format(date),
  date_short: (date) => format(SHORT).format(date),
  date_long: (date) => format(LONG).format(date),
  date_long_full: (date) => format(LONG).format(date),
  date_slash: (date) => format(NUMERIC).format(date),
  date_pretty: (date) => nearDay(date) ?? format(PLAIN).format(date),
  date_short_pretty: (date) => nearDay(date) ?? format(SHORT).format(date),
  date_long_pretty: (date) => nearDay(date) ?? format(LONG).format(date),
  day_divider_pretty: (date) => dayLine(date),
  time: (date) => clock(date),
  time_secs: (date) => format({ ...CLOCK, second: "2-digit" }).format(date),
  ago: (date) => ago(date),
};

/** A date of Slack's: seconds and a pattern such as "{date_short} {time}". */
export function patterned(seconds, pattern, fallback = "") {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(+date)) return fallback;
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => TOKENS[token]?.(date) ?? whole);
}

const STEPS = [["day", DAY_MS], ["hour", 3_600_000], ["minute", 60_000]];

function ago(date) {
  const away = date - new Date(known().now);
  const [unit, length] = STEPS.find(([, each]) => Math.abs(away) >= each) ?? STEPS.at(-1);
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.round(away / length), unit);
}

/** Minutes by which the zone is ahead of UTC at a moment. */
function ahead(date) {
  const shown = format({ ...NUMERIC, ...CLOCK, second: "2-digit" }, "en-CA").formatToParts(date);
  const part = Object.fromEntries(shown.map(({ type, value }) => [type, Number(value)]));
  return (Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - date) / 60_000;
}

/** "2026-11-24T10:30" in the workspace's zone → Unix seconds. */
export function secondsOf(local) {
  const asUtc = Date.parse(`${local}:00Z`);
  const guess = new Date(asUtc - ahead(new Date(asUtc)) * 60_000);
  return Math.round((asUtc - ahead(guess) * 60_000) / 1000);
}

/** Unix seconds → "2026-11-24T10:30" in the workspace's zone. */
export function localOf(seconds) {
  const date = new Date(seconds * 1000);
  return `${dayOf(date)}T${format(CLOCK, "en-GB").format(date)}`;
}
