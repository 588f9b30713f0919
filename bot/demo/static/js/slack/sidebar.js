/** The list of conversations. */
import { html } from "../html.js";
import { Hash, Lock } from "../icons.js";
import { known, lookAt, ui } from "../store.js";
import { t } from "../words.js";
import { Avatar } from "./avatar.js";
import { Badge } from "./badge.js";
import { titleOf } from "./conversation.js";
import { conversations, DIRECT, looking, myself, nameOf, news } from "./seen.js";

/** Channels, people, the app. `onOpen` is told when somebody chose a place. */
export function Sidebar({ onOpen }) {
  const world = known();
  const { app, channels, directs } = conversations(world, myself());
  const now = looking();
  const onKeyDown = (event) => {
    const entries = [...event.currentTarget.querySelectorAll(".sl-place")];
    const at = entries.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    entries.at(to % entries.length)?.focus();
  };
  const open = (slack) => {
    lookAt({ slack, thread: null });
    onOpen();
  };
  const entry = (id, icon, name, current, count, more) => html`<li key=${id}>
    <button
      type="button" class=${count ? "sl-place sl-place-new" : "sl-place"} data-place=${id} aria-current=${current ? "page" : undefined}
      onClick=${() => open(id)}
    >
      ${icon}<span class="sl-place-name">${name}</span>${more}
      <${Badge} count=${count} />
    </button>
  </li>`;
  const unread = (channel) => (channel ? news(world, ui(), ui().me, channel.id).length : 0);
  const bot = world.bot.running;
  const presence = html`<span class=${bot ? "sl-presence sl-here" : "sl-presence"}><span class="hidden">${bot ? t("da", "here") : t("aus", "off")}</span></span>`;
  return html`<nav class="sl-sidebar" aria-label=${t("Slack: Unterhaltungen", "Slack: conversations")} onKeyDown=${onKeyDown}>
    <div class="sl-team">
      <strong>${world.slack.team.name}</strong>
      <small>${nameOf(myself())}</small>
    </div>
    <div class="sl-places">
      <h2 class="sl-list-title">${t("Kanäle", "Channels")}</h2>
      <ul>
        ${channels.map((each) => {
          const icon = each.kind === "group" ? html`<${Lock} size=${16} />` : html`<${Hash} size=${16} />`;
          const kind = html`<span class="hidden">${each.kind === "group" ? t("privater Kanal", "private channel") : t("Kanal", "channel")} </span>`;
          return entry(each.id, html`${icon}${kind}`, each.name, now.channel === each && !now.tab, unread(each));
        })}
      </ul>
      ${directs.length > 0 &&
      html`<h2 class="sl-list-title">${t("Direktnachrichten", "Direct messages")}</h2>
        <ul>
          ${directs.map((each) => {
            const other = each.members.find((id) => id !== myself());
            return entry(each.id, html`<${Avatar} user=${other} size="sl-avatar-tiny" />`, titleOf(each), now.channel === each, unread(each));
          })}
        </ul>`}
      <h2 class="sl-list-title">Apps</h2>
      <ul>
        ${entry(
          app?.id ?? DIRECT,
          html`<${Avatar} user=${world.slack.bot} size="sl-avatar-tiny" />`,
          nameOf(world.slack.bot),
          Boolean(now.tab),
          unread(app),
          presence,
        )}
      </ul>
    </div>
  </nav>`;
}
