/** Doing something for the reader: what cannot be done is said to them. */
import { act, CannotError } from "../wire.js";
import { ui } from "../store.js";
import { told } from "../words.js";
import { notice } from "./notices.js";

/** Have the person that the reader is do something; its result, or null when it could not be done. */
export async function attempt(name, args = {}, who = ui().me) {
  try {
    return await act(who, name, args);
  } catch (error) {
    if (!(error instanceof CannotError)) throw error;
    notice(told(error.words));
    return null;
  }
}
