/** What people have typed and not sent yet: messages by place, inputs of views by view. */

const texts = new Map();

/** The text that somebody began in a place. */
export const draftOf = (key) => texts.get(key) ?? "";

/** Keep what somebody began. */
export const keepDraft = (key, text) => (text ? texts.set(key, text) : texts.delete(key));

const views = new Map();

/**
 * What somebody has put into a view: `values` by block and action, `problems` that the page itself found, `touched`
 * blocks since the last submission. It outlives updates of the view.
 */
export function viewDraft(view) {
  if (!views.has(view)) views.set(view, { values: {}, problems: {}, touched: new Set() });
  return views.get(view);
}

/** Put a value into a view. */
export function putValue(view, blockId, actionId, value) {
  const draft = viewDraft(view);
  draft.values = { ...draft.values, [blockId]: { ...draft.values[blockId], [actionId]: value } };
  draft.touched.add(blockId);
  delete draft.problems[blockId];
}

/** Let the server's value hold again. */
export function dropValue(view, blockId, actionId) {
  const { [actionId]: _, ...rest } = viewDraft(view).values[blockId] ?? {};
  viewDraft(view).values = { ...viewDraft(view).values, [blockId]: rest };
}

/** Forget a view that was sent or closed. */
export const forgetView = (view) => views.delete(view);
