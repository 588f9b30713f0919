/** Who the reader is: everybody of the cast, with what is new for them. */
import { html } from "../html.js";
import { become } from "../store.js";
import { t, told } from "../words.js";
import { Check } from "../icons.js";
import { Menu } from "./menu.js";
import { unread } from "./unread.js";

const LANGUAGES = { de: () => t("Deutsch", "German"), en: () => t("Englisch", "English") };

/** "3 neu", or nothing. */
export const newsWords = (count) => (count ? t(`${count} neu`, `${count} new`) : "");

/** A number in a dot; screen readers get it in the words of the control around it. */
export const Badge = ({ count }) =>
  count ? html`<span class="sh-badge" aria-hidden="true">${count > 99 ? "99+" : count}</span>` : null;

/** Somebody's initial on their colour. */
export const Avatar = ({ person, order }) =>
  html`<span class=${`sh-avatar sh-avatar-${order.indexOf(person.key) % 6}`} aria-hidden="true">${person.name[0]}</span>`;

function describe(person, count) {
  const words = [person.name, told(person.role), LANGUAGES[person.language]?.(), newsWords(count)];
  return words.filter(Boolean).join(", ");
}

/** Be somebody; where they have only one platform, that pane is the one to look at. */
function choosePerson(world, ui, key) {
  const { slack, telegram } = world.people[key];
  become(key, !slack ? "telegram" : !telegram ? "slack" : ui.pane);
}

/** Everybody side by side, for wide screens. */
export function PeopleRow({ world, ui }) {
  return html`<div class="sh-people" role="group" aria-label=${t("Wer du bist", "Who you are")}>
    ${world.order.map((key) => {
      const person = world.people[key];
      const { all } = unread(world, ui, key);
      return html`<button type="button" class="sh-person" key=${key} data-person=${key} data-news=${all}
        aria-pressed=${key === ui.me} aria-label=${describe(person, all)} title=${describe(person, all)}
        onClick=${() => choosePerson(world, ui, key)}>
        <${Avatar} person=${person} order=${world.order} />
        <span class="sh-person-words">
          <span class="sh-person-name"><b>${person.name}</b>${person.language !== ui.language && html`<small>${person.language.toUpperCase()}</small>`}<${Badge} count=${all} /></span>
          <small>${told(person.role)}</small>
        </span>
      </button>`;
    })}
  </div>`;
}

/** Everybody in a menu, for narrow screens; the button shows who the reader is and what is new for others. */
export function PeopleMenu({ world, ui }) {
  const me = world.people[ui.me];
  const others = world.order.filter((key) => key !== ui.me);
  const elsewhere = others.reduce((sum, key) => sum + unread(world, ui, key).all, 0);
  const news = elsewhere ? t(`, bei anderen ${newsWords(elsewhere)}`, `, ${newsWords(elsewhere)} elsewhere`) : "";
  const face = html`<${Avatar} person=${me} order=${world.order} /><b>${me.name}</b><${Badge} count=${elsewhere} /><span class="hidden">${news}</span>`;
  return html`<${Menu} name="people" label=${t("Du bist", "You are")} face=${face}>
    ${(close) => html`<h2 class="sh-heading">${t("Wer bist du?", "Who are you?")}</h2>
      <ul class="sh-list">
        ${world.order.map((key) => {
          const person = world.people[key];
          const { all } = unread(world, ui, key);
          const pick = () => (close(), choosePerson(world, ui, key));
          return html`<li key=${key}>
            <button type="button" class="sh-item" data-person=${key} data-news=${all} aria-pressed=${key === ui.me}
              aria-label=${describe(person, all)} onClick=${pick}>
              <${Avatar} person=${person} order=${world.order} />
              <span class="sh-item-words">
                <b>${person.name}</b>
                <small>${told(person.role)} · ${LANGUAGES[person.language]?.()} · ${platforms(person)}</small>
              </span>
              <${Badge} count=${all} />
              ${key === ui.me && html`<${Check} />`}
            </button>
          </li>`;
        })}
      </ul>`}
  <//>`;
}

const platforms = (person) => [person.slack && "Slack", person.telegram && "Telegram"].filter(Boolean).join(" + ");
