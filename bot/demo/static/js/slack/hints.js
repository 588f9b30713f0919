/** What could be meant while something is typed: people after an @, what to say after the slash command. */
import { known, ui } from "../store.js";
import { t } from "../words.js";
import { myself, nameOf } from "./seen.js";

const MOST = 8;

/**
 * Hints for a text with the cursor at `at`: {from, isMeant, items: [{key, label, description, insert}]}; `from` is where
 * what is inserted begins, `isMeant` says that the first one is what Enter takes. Null when nothing is hinted at.
 */
export function hintsFor(text, at) {
  const before = text.slice(0, at);
  const name = /(?:^|\s)@([\p{L}\p{N}_-]*)$/u.exec(before);
  if (name) return people(name[1].toLowerCase(), at - name[1].length - 1);
  return /^\/\S*( \S*)?$/.test(before) ? commands(before) : null;
}

function people(begun, from) {
  const { users, bot } = known().slack;
  const ids = Object.keys(users).filter((id) => id !== myself() && !users[id].deleted);
  ids.sort((one, other) => (other === bot) - (one === bot) || nameOf(one).localeCompare(nameOf(other)));
  const items = ids
    .filter((id) => nameOf(id).toLowerCase().startsWith(begun))
    .map((id) => ({ key: id, user: id, label: nameOf(id), description: roleOf(id), insert: `@${users[id].name} ` }));
  return items.length ? { from, isMeant: true, items: items.slice(0, MOST) } : null;
}

function roleOf(id) {
  if (id === known().slack.bot) return "App";
  const person = Object.values(known().people).find((each) => each.slack === id);
  return person ? t(person.role.de, person.role.en) : "";
}

/** The bot has the same commands everywhere; where they are explained is the menu that it gave Telegram. */
function commands(before) {
  const { command } = known().slack;
  const menus = known().telegram.commands;
  const { language } = known().people[ui().me];
  const menu = [`all_private_chats|${language}`, "all_private_chats|", `default|${language}`, "default|"].find((key) => menus[key]?.length);
  const all = [
    { key: command, insert: `${command} `, label: command, description: t("und dann, was du brauchst", "and then what you need") },
    ...(menus[menu] ?? []).map((each) => ({
      key: each.command,
      insert: `${command} ${each.command}`,
      label: `${command} ${each.command}`,
      description: each.description,
    })),
  ];
  const items = all.filter((each) => each.label.startsWith(before) && each.insert !== before);
  return items.length ? { from: 0, isMeant: false, items: items.slice(0, MOST + 1) } : null;
}
