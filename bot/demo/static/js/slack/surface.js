/** Where blocks stand, a message or a view, and what using their controls does. */
import { createContext, useContext, useState } from "../html.js";
import { confirmed } from "./confirm.js";
import { deed } from "./deeds.js";
import { dropValue, putValue, viewDraft } from "./drafts.js";
import { myself } from "./seen.js";
import { valueOf } from "./values.js";

/** The surface around a block; see {@link onMessage} and {@link onView}. */
export const Surface = createContext(null);

/** Blocks of a message: what is picked is told at once. */
export const onMessage = (message) => ({
  id: `${message.channel}-${message.ts}`,
  place: { channel: message.channel, ts: message.ts },
  state: (block, element) => message.picked?.[myself()]?.[block]?.[element],
});

/** Blocks of a modal or the start page; `errors` by block, `redraw` after something was put in. */
export const onView = (view, redraw, errors = {}) => ({
  id: view.id,
  view: view.id,
  place: { view: view.id },
  state: (block, element) => (view.values ?? view.state?.values)?.[block]?.[element],
  errors,
  redraw,
});

const TYPED = new Set(["plain_text_input", "email_text_input", "url_text_input", "number_input"]);

/**
 * One control: its value, whether it is busy, and what can be done with it.
 * `put` holds a value, `send` holds it and tells the app where it wants to be told, `press` is for buttons.
 */
export function useControl(block, element) {
  const surface = useContext(Surface);
  const [busy, setBusy] = useState(false);
  const [pending, setPending] = useState(undefined);
  const { block_id: blockId } = block;
  const { action_id: actionId } = element;
  const dispatches = block.type !== "input" || Boolean(block.dispatch_action);
  const held = surface.view ? viewDraft(surface.view).values[blockId]?.[actionId] : undefined;
  const known = valueOf(element, surface.state(blockId, actionId));
  const value = pending !== undefined ? pending : held !== undefined ? held : known;

  const hold = (next) => {
    if (!surface.view) return setPending(next);
    putValue(surface.view, blockId, actionId, next);
    return surface.redraw();
  };
  const release = () => {
    if (surface.view) dropValue(surface.view, blockId, actionId);
    setPending(undefined);
    surface.redraw?.();
  };
  const tell = async (name, extra) => {
    if (busy) return null;
    if (element.confirm && !(await confirmed(element.confirm))) {
      if (name === "slack.pick") release();
      return null;
    }
    setBusy(true);
    if (surface.view) await sendDraft(surface, blockId, actionId);
    const result = await deed(name, { ...surface.place, block_id: blockId, action_id: actionId, ...extra });
    setBusy(false);
    return result;
  };
  const send = async (next) => {
    hold(next);
    if (!dispatches) return;
    await tell("slack.pick", { value: next });
    if (!TYPED.has(element.type)) release();
  };
  return { surface, value, busy, dispatches, put: hold, send, press: () => tell("slack.press") };
}

/** Slack tells an app with each action what stands in the view's other inputs; so they are put in before. */
async function sendDraft({ view, state }, besidesBlock, besidesAction) {
  const { values } = viewDraft(view);
  for (const [block_id, actions] of Object.entries(values)) {
    for (const [action_id, value] of Object.entries(actions)) {
      const itself = block_id === besidesBlock && action_id === besidesAction;
      const there = state(block_id, action_id);
      if (itself || !there || String(valueOf(there, there) ?? "") === String(value ?? "")) continue;
      await deed("slack.pick", { view, block_id, action_id, value });
    }
  }
}
