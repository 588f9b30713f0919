/** The connection to the server: what it tells goes into the store, what people do goes out as deeds. */
import { change, choose, learn } from "./store.js";

const PAUSES = [250, 500, 1000, 2000];
const waiting = new Map();
const storyListeners = new Set();
let socket = null;
let number = 0;
let failures = 0;

/** Connect, and connect again whenever the connection is lost. */
export function connect() {
  socket = new WebSocket(`ws://${location.host}/ws`);
  socket.onmessage = ({ data }) => hear(JSON.parse(data));
  socket.onopen = () => {
    failures = 0;
  };
  socket.onclose = () => {
    choose({ connected: false });
    for (const { reject } of waiting.values()) reject(new CannotError(LOST));
    waiting.clear();
    setTimeout(connect, PAUSES[Math.min(failures++, PAUSES.length - 1)]);
  };
}

/** Why something could not be done: `words` in German and English. */
export class CannotError extends Error {
  constructor(words) {
    super(words.en);
    this.words = words;
  }
}

const LOST = { de: "Die Verbindung zur Demo ist weg. Läuft sie noch?", en: "The connection to the demo is gone. Is it still running?" };

/**
 * Have somebody do something; resolves with its result.
 * @throws {CannotError} It could not be done.
 */
export function act(who, name, args = {}) {
  if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(new CannotError(LOST));
  const id = ++number;
  socket.send(JSON.stringify({ ...args, id, do: name, as: who }));
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

/** Hear every story from now on; what is returned ends that. */
export function onStory(listener) {
  storyListeners.add(listener);
  return () => storyListeners.delete(listener);
}

function hear(said) {
  switch (said.type) {
    case "state":
      learn(said);
      choose({ connected: true });
      break;
    case "change":
      change(said.set);
      break;
    case "story":
      for (const listener of [...storyListeners]) listener(said);
      break;
    case "done":
      waiting.get(said.id)?.resolve(said.result ?? {});
      waiting.delete(said.id);
      break;
    case "cannot":
      waiting.get(said.id)?.reject(new CannotError(said));
      waiting.delete(said.id);
      break;
  }
}
