/**
 * Text with its entities (Bot API, MessageEntity), cut into parts.
 *
 * Offsets and lengths count UTF-16 units, and so do JavaScript's strings: slicing needs no conversion.
 */

/**
 * Cut a text at its entities.
 *
 * Entities may lie inside each other. Should two overlap by half, the later one is cut in two, so that the
 * parts always form a tree. What lies outside the text is left out.
 *
 * @returns {Array<string | {entity, text: string, parts: Array}>}
 */
export function partsOf(text, entities = []) {
  const usable = entities
    .filter(({ offset, length }) => Number.isInteger(offset) && Number.isInteger(length))
    .filter(({ offset, length }) => offset >= 0 && length > 0 && offset < text.length)
    .map((entity) => ({ entity, from: entity.offset, to: Math.min(entity.offset + entity.length, text.length) }));
  return cut(text, 0, text.length, usable.sort(byPlace));
}

function cut(text, from, to, ranges) {
  const parts = [];
  let at = from;
  while (ranges.length) {
    const [first, ...others] = ranges;
    const inside = [];
    const after = [];
    for (const range of others) {
      if (range.from >= first.to) after.push(range);
      else if (range.to <= first.to) inside.push(range);
      else {
        inside.push({ ...range, to: first.to });
        after.push({ ...range, from: first.to });
      }
    }
    if (first.from > at) parts.push(text.slice(at, first.from));
    const covered = text.slice(first.from, first.to);
    parts.push({ entity: first.entity, text: covered, parts: cut(text, first.from, first.to, inside.sort(byPlace)) });
    at = first.to;
    ranges = after.sort(byPlace);
  }
  if (at < to) parts.push(text.slice(at, to));
  return parts;
}

const byPlace = (a, b) => a.from - b.from || b.to - a.to;

/** A text as one line; what is hidden stays hidden. */
export function oneLine(text, entities = []) {
  const shown = (part) => {
    if (typeof part === "string") return part;
    return part.entity.type === "spoiler" ? "▒".repeat(Math.min(part.text.length, 8)) : part.parts.map(shown).join("");
  };
  return partsOf(text, entities).map(shown).join("").replace(/\s+/g, " ").trim();
}

/**
 * Where an address leads: {inside: true} for the bot's own t.me links, which are followed on this page;
 * null if it is none that a page should open.
 */
export function leadsTo(address, botUsername) {
  let url;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
  } catch {
    return null;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  const isTelegram = ["t.me", "telegram.me"].includes(url.hostname);
  const inside = isTelegram && url.pathname.split("/")[1]?.toLowerCase() === botUsername.toLowerCase();
  return { href: url.href, inside };
}
