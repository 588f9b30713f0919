/** A conversation: its name, its messages, the field to write in; for the app also its tabs. */
import { html, useEffect } from "../html.js";
import { Back, Hash, Lock } from "../icons.js";
import { known, lookAt, ui } from "../store.js";
import { t } from "../words.js";
import { act } from "../wire.js";
import { Avatar } from "./avatar.js";
import { Badge } from "./badge.js";
import { Composer } from "./composer.js";
import { useEdits } from "./editing.js";
import { HomeTab } from "./home.js";
import { Messages } from "./messages.js";
import { DIRECT, HOME, isReply, messagesIn, myself, nameOf, news, sorted } from "./seen.js";

const back = () => lookAt({ slack: null, thread: null });

const BackButton = () => html`<button type="button" class="sl-icon-button sl-back" aria-label=${t("Zurück zur Liste", "Back to the list")} onClick=${back}>
  <${Back} />
</button>`;

/** What a direct message is called: the other people in it. */
export const titleOf = (channel) =>
  channel.kind === "channel" || channel.kind === "group"
    ? channel.name
    : channel.members.filter((id) => id !== myself()).map(nameOf).join(", ");

/** A channel or a direct message of people. */
export function Conversation({ channel }) {
  const isChannel = channel.kind === "channel" || channel.kind === "group";
  const title = titleOf(channel);
  const count = channel.members.length;
  return html`<div class="sl-conversation">
    <header class="sl-head">
      <${BackButton} />
      <h2 class="sl-title">${isChannel && (channel.kind === "group" ? html`<${Lock} size=${17} />` : html`<${Hash} size=${17} />`)} ${title}</h2>
      <span class="sl-topic">${channel.topic}</span>
      <span class="sl-members">${t(`${count} Leute`, `${count} people`)}</span>
    </header>
    <${Talk} channel=${channel} label=${isChannel ? `#${title}` : title} />
  </div>`;
}

/** The app: Home and Messages. */
export function App({ channel, tab }) {
  const { bot } = known().slack;
  const tabs = [["home", t("Start", "Home")], ["messages", t("Nachrichten", "Messages")]];
  const { me } = ui();
  const unread = channel ? news(known(), ui(), me, channel.id).length : 0;
  useEffect(() => {
    // As in Slack, opening the app is told to it; if it is away just now, it will hear of the next time.
    act(me, "slack.home", { tab }).catch(() => {});
  }, [me, tab, known().bot.running]);
  const open = (name) => lookAt({ slack: name === "home" ? HOME : (channel?.id ?? DIRECT), thread: null });
  const onKeyDown = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    open(tab === "home" ? "messages" : "home");
    event.currentTarget.querySelector("[aria-selected=false]").focus();
  };
  return html`<div class="sl-conversation">
    <header class="sl-head sl-head-app">
      <${BackButton} />
      <${Avatar} user=${bot} size="sl-avatar-small" />
      <h2 class="sl-title">${nameOf(bot)}</h2>
      <div class="sl-tabs" role="tablist" aria-label=${nameOf(bot)} onKeyDown=${onKeyDown}>
        ${tabs.map(
          ([name, words]) => html`<button
            type="button" role="tab" id=${`sl-tab-${name}`} key=${name} class="sl-tab" aria-selected=${tab === name}
            aria-controls="sl-app-panel" tabindex=${tab === name ? 0 : -1} onClick=${() => open(name)}
          >${words}${name === "messages" && tab === "home" && html`<${Badge} count=${unread} />`}</button>`,
        )}
      </div>
    </header>
    <div class="sl-panel" role="tabpanel" id="sl-app-panel" aria-labelledby=${`sl-tab-${tab}`}>
      ${tab === "home" ? html`<${HomeTab} />` : html`<${Talk} channel=${channel} label=${nameOf(bot)} isApp />`}
    </div>
  </div>`;
}

function Talk({ channel, label, isApp }) {
  const edits = useEdits();
  const place = channel?.id ?? DIRECT;
  const key = isApp ? DIRECT : place;
  const { top, replies } = sorted(channel ? messagesIn(known(), channel.id, myself()) : []);
  const editLast = () => {
    const mine = top.filter((each) => each.user === myself() && !isReply(each)).at(-1);
    if (mine) edits.begin(mine.ts);
  };
  const name = t(`Nachrichten: ${label}`, `Messages: ${label}`);
  return html`<div class="sl-talk">
    <${Messages}
      key=${`${ui().me}-${key}`} messages=${top} replies=${replies} label=${name} read=${{ channel: place, thread: null }} edits=${edits}
      intro=${isApp && !top.length && html`<${Welcome} />`}
    />
    <${Composer}
      key=${`${ui().me}-${key}-composer`} channel=${isApp ? null : channel.id} onEditLast=${editLast}
      label=${t(`Nachricht an ${label}`, `Message ${label}`)}
    />
  </div>`;
}

const Welcome = () => html`<div class="sl-empty">
  <p><strong>${t("Hier schreibst du mit Kumpel.", "This is where you talk with Kumpel.")}</strong></p>
  <p>${t("Zum Beispiel: „Wann ist offen?“ oder „Ist morgen ein Platz frei?“", "For example: “When are you open?” or “Is a desk free tomorrow?”")}</p>
</div>`;
