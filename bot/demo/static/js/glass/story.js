/** One story: a path from top to bottom, each step in plain words, with what really happened inside. */
import { html, useState } from "../html.js";
import { Next, Warning } from "../icons.js";
import { t } from "../words.js";
import { Json, Sql } from "./code.js";
import { jumpTo, stands } from "./jump.js";
import { clock, number, placeName } from "./names.js";
import { opening, quoted, said, troubled } from "./opening.js";
import { pathOf } from "./path.js";

/** A story; `isOpen` at first, to be folded where there are several. */
export function Story({ story, isOpen, canFold }) {
  const [open, setOpen] = useState(isOpen);
  const words = html`<span class="gl-when">${clock(story.at)}</span> ${opening(story)}${said(story) && html` <span class="gl-said">${quoted(said(story))}</span>`}`;
  return html`<article class="gl-story" data-story=${story.id} data-state=${story.state}>
    <h3 class=${canFold ? "gl-story-title" : "hidden"}>
      ${canFold
        ? html`<button type="button" class="gl-fold" aria-expanded=${open} onClick=${() => setOpen(!open)}><${Next} size=${16} /><span>${words}</span><${Trouble} story=${story} /></button>`
        : words}
    </h3>
    ${open && html`<${Path} story=${story} />`}
  </article>`;
}

/** A sign that something went wrong on the way. */
export const Trouble = ({ story }) =>
  troubled(story)
    ? html`<span class="gl-trouble"><${Warning} size=${15} /><span class="hidden">${t("mit Hindernissen", "with obstacles")}</span></span>`
    : null;

function Path({ story }) {
  const messages = story.messages.filter(stands);
  return html`
    <ol class="gl-path">
      ${pathOf(story).map((step) => html`<${Step} key=${step.key} step=${step} />`)}
    </ol>
    ${messages.length > 0 &&
    html`<div class="gl-jumps" role="group" aria-label=${t("Nachrichten dieser Geschichte", "Messages of this story")}>
      ${messages.map((which) => html`<button type="button" class="gl-jump" key=${`${which.place} ${which.message}`} onClick=${() => jumpTo(which, story.who)}>
        ${ROLES[which.as]?.() ?? ROLES.made()}<span class="gl-soft">${placeName(which)}</span>
      </button>`)}
    </div>`}
  `;
}

const ROLES = {
  said: () => t("Gesagt: ", "Said: "),
  pressed: () => t("Gedrückt: ", "Pressed: "),
  made: () => t("Geschickt: ", "Sent: "),
  changed: () => t("Geändert: ", "Changed: "),
  deleted: () => t("Gelöscht: ", "Deleted: "),
};

function Step({ step }) {
  const [open, setOpen] = useState(false);
  const words = html`<span class=${step.code ? "gl-words gl-mono" : "gl-words"}>${step.words}</span>
    ${step.status !== undefined && html`<span class="gl-status">${step.status}</span>`}
    ${step.aside && html`<span class="gl-aside">${step.aside}</span>`}`;
  return html`<li class=${`gl-step gl-tone-${step.tone}`} data-step=${step.key} data-tone=${step.tone}>
    ${step.parts.length
      ? html`<button type="button" class="gl-step-button" aria-expanded=${open} onClick=${() => setOpen(!open)}>
          <span class="gl-step-words">${words}</span><${Next} size=${16} />
        </button>`
      : html`<div class="gl-step-button"><span class="gl-step-words">${words}</span></div>`}
    ${open && html`<div class="gl-parts">${step.parts.map((part, index) => html`<${Part} key=${index} part=${part} />`)}</div>`}
  </li>`;
}

function Part({ part }) {
  return html`<section class="gl-part">
    <h4 class="gl-label">${part.label}</h4>
    ${part.sql
      ? html`<${Sql} text=${part.sql} label=${part.label} />`
      : part.meters
        ? html`<${Meters} meters=${part.meters} />`
        : html`<${Json} value=${part.json} label=${part.label} />`}
  </section>`;
}

const Meters = ({ meters }) => html`<ul class="gl-meters">
  ${meters.map(({ label, key, value }) => html`<li key=${key}>
    <span>${label !== key && `${label} `}<span class="gl-soft gl-mono">${key}</span></span>
    <meter min="0" max="1" value=${value} aria-label=${`${label}: ${number(value, 2)}`}></meter>
    <span class="gl-number">${number(value, 2)}</span>
  </li>`)}
</ul>`;
