/** What the page itself says, in the language that the reader chose. */
import { ui } from "./store.js";

/** The German or the English words. */
export const t = (de, en) => (ui().language === "en" ? en : de);

/** Words that came as {de, en}. */
export const told = (words) => (words ? t(words.de, words.en) : "");

/** The locale for dates and numbers. */
export const locale = () => (ui().language === "en" ? "en-GB" : "de-DE");
