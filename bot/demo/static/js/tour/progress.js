/** Where in the tour the reader is; kept with the rest of what they chose. */
import { become, choose, known, ui } from "../store.js";
import { newest } from "./world.js";
import { steps } from "./steps.js";

/** Go to a step that is possible, from this one on; steps.length is the end. Its person and place come along if `follow`. */
export function goTo(step, follow = true) {
  const world = known();
  while (steps[step]?.possible && !steps[step].possible(world)) step++;
  choose({ step, left: step, since: { ...newest(world), before: steps[step]?.before?.(world) } });
  if (steps[step] && follow) show(steps[step]);
}

/** Be the step's person, and look at its place. */
export const show = (step) => become(step.who(), step.pane, step.place(known()));

/** Put the tour away, or bring it back where it was left. */
export function toggleTour() {
  if (ui().step !== null) choose({ step: null });
  else goTo(ui().left >= steps.length ? 0 : ui().left);
}
