/** Who somebody is, at a glance: initials on a colour of their own. */
import { html } from "../html.js";
import { known } from "../store.js";
import { nameOf } from "./seen.js";

const COLOURS = 6;

/** The same for a person on both sides: by their turn among the people of the demo. */
function turnOf(user) {
  const { people, order, slack } = known();
  const turn = order.findIndex((key) => people[key].slack === user);
  return (turn < 0 ? Object.keys(slack.users).indexOf(user) : turn) % COLOURS;
}

/** The square with somebody's initials; names stand beside it, so it says nothing itself. */
export function Avatar({ user, size = "" }) {
  const isBot = user === known().slack.bot;
  const letters = nameOf(user).split(/\s+/).map((word) => word[0]).join("").slice(0, 2).toUpperCase();
  const colour = isBot ? "sl-avatar-bot" : `sl-avatar-${turnOf(user)}`;
  return html`<span class=${`sl-avatar ${colour} ${size}`} aria-hidden="true">${letters}</span>`;
}
