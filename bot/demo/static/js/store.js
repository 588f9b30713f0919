/**
 * What the page knows. `world` is what the server told (see bot/demo/board.py), never changed in place;
 * `ui` is what this reader chose: who they are, where they look.
 */
import { useEffect, useState } from "./html.js";

const KEPT = "kumpel.demo";

let world = null;
let ahead = 0;
let chosen = {
  /** Key of the person that the reader is. */
  me: "lena",
  language: navigator.language?.startsWith("de") ? "de" : "en",
  /** "light", "dark" or "" for what the system says. */
  theme: "",
  /** The one pane shown on a narrow screen. */
  pane: "slack",
  /** Where each person looks: {lena: {slack: "C1" | "home", thread: ts | null, telegram: chat, topic: id | null}}. */
  places: {},
  /** What each person has read: {lena: {"slack:C1": ts, "telegram:12": message id}}. */
  read: {},
  /** The message behind the glass wall, or null: {platform, place, message}; {} for the drawer with the latest. */
  glass: null,
  /** The step of the tour, from 0; null when it was put away, then `left` is where it goes on. */
  step: 0,
  left: 0,
  /** What was the latest when the step began; null before the tour began. See js/tour/world.js. */
  since: null,
  connected: false,
  ...kept(),
};
const listeners = new Set();

/** What the server told; null before it did. */
export const known = () => world;

/** The sandbox's time: the server's, running on since it was told. */
export const now = () => new Date(Date.now() + ahead);

/** What the reader chose. */
export const ui = () => chosen;

/** Replace everything that is known. */
export function learn(state) {
  world = state;
  ahead = Date.parse(world.now) - Date.now();
  if (!world.people[chosen.me]) chosen = { ...chosen, me: world.order[0] };
  tell();
}

/** Change what is known: [[path, value], …]; null takes something away. */
export function change(changes) {
  if (!world) return;
  for (const [path, value] of changes) {
    world = put(world, path, value);
    if (path[0] === "now") ahead = Date.parse(value) - Date.now();
  }
  tell();
}

function put(tree, [key, ...rest], value) {
  const copy = Array.isArray(tree) ? [...tree] : { ...tree };
  if (rest.length) copy[key] = put(copy[key] ?? {}, rest, value);
  else if (value === null) delete copy[key];
  else copy[key] = value;
  return copy;
}

/** Change what the reader chose. */
export function choose(patch) {
  chosen = { ...chosen, ...patch };
  keep();
  tell();
}

/** Where the person that the reader is looks. */
export const place = () => ({ slack: null, thread: null, telegram: null, topic: null, ...chosen.places[chosen.me] });

/** Look somewhere else: any of slack, thread, telegram, topic. */
export function lookAt(patch) {
  choose({ places: { ...chosen.places, [chosen.me]: { ...place(), ...patch } } });
}

/** Be somebody, and look at a place in one of the panes. */
export function become(me, pane, there = {}) {
  choose({ me, pane, places: { ...chosen.places, [me]: { ...chosen.places[me], ...there } } });
}

/** Redraw a component whenever anything changes; returns [world, ui]. */
export function useStore() {
  const [, redraw] = useState(0);
  useEffect(() => {
    const listener = () => redraw((n) => n + 1);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, []);
  return [world, chosen];
}

let waiting = false;
function tell() {
  if (waiting) return;
  waiting = true;
  queueMicrotask(() => {
    waiting = false;
    for (const listener of [...listeners]) listener();
  });
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keep() {
  const { glass, connected, ...rest } = chosen;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(rest));
  } catch {
    // Without storage the page begins anew when it is loaded again.
  }
}
