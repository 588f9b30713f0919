/** The command menu: which commands somebody is offered in a chat, and the list of them. */
import { html } from "../html.js";
import { t } from "../words.js";

/** The commands of the narrowest scope that has some (Bot API, "Determining list of commands"). */
export function commandsFor(world, chat, person) {
  const { language, telegram: me } = world.people[person];
  const isAdmin = ["creator", "administrator"].includes(chat.members[me]);
  const scopes = chat.person
    ? [`chat:${chat.id}`, "all_private_chats", "default"]
    : [
        `chat_member:${chat.id}:${me}`,
        ...(isAdmin ? [`chat_administrators:${chat.id}`] : []),
        `chat:${chat.id}`,
        ...(isAdmin ? ["all_chat_administrators"] : []),
        "all_group_chats",
        "default",
      ];
  const lists = scopes.flatMap((scope) => [language, ""].map((code) => world.telegram.commands[`${scope}|${code}`]));
  return lists.find((list) => list?.length) ?? [];
}

/** The list; whoever has focus steers it and calls `onChoose` with the entry at `active`. */
export function CommandList({ id, commands, active, onChoose, onHover, listRef, onKeyDown }) {
  return html`<div
    class="tg-commands" role="listbox" id=${id} ref=${listRef} tabindex="0" aria-label=${t("Befehle", "Commands")}
    aria-activedescendant=${active < 0 ? undefined : `${id}-${active}`} onKeyDown=${onKeyDown}
  >
    ${commands.map(
      ({ command, description }, at) => html`<div
        key=${command} class="tg-command" role="option" id=${`${id}-${at}`} aria-selected=${at === active}
        onMouseDown=${(event) => event.preventDefault()} onMouseMove=${() => onHover(at)} onClick=${() => onChoose(commands[at])}
      >
        <b>/${command}</b> <span>${description}</span>
      </div>`,
    )}
  </div>`;
}
