/** The latest stories of everybody, as they happen. */
import { html, useState } from "../html.js";
import { choose, known } from "../store.js";
import { t } from "../words.js";
import { clock, count } from "./names.js";
import { opening, owner, quoted, said } from "./opening.js";
import { Trouble } from "./story.js";

const ALL = "*";

/** The list, to be narrowed to one person. */
export function Latest({ stories }) {
  const [who, setWho] = useState(ALL);
  const { people, order } = known();
  const shown = (stories ?? []).filter((story) => who === ALL || owner(story) === who);
  return html`
    <div class="gl-filter">
      <label for="gl-who">${t("Wer", "Who")}</label>
      <select id="gl-who" value=${who} onChange=${({ target }) => setWho(target.value)}>
        <option value=${ALL}>${t("Alle", "Everybody")}</option>
        ${order.map((key) => html`<option key=${key} value=${key}>${people[key].name}</option>`)}
        <option value="">${t("Kumpel von selbst", "Kumpel by itself")}</option>
      </select>
      <span class="gl-soft">${stories && count(shown.length, t("Geschichte", "story"), t("Geschichten", "stories"))}</span>
    </div>
    ${stories && !shown.length && html`<p class="gl-nothing">${t("Noch ist nichts geschehen. Schreib Kumpel etwas.", "Nothing has happened yet. Write Kumpel something.")}</p>`}
    <div role="log" aria-live="polite" aria-label=${t("Die letzten Geschichten, neueste zuerst", "The latest stories, newest first")}>
      <ol class="gl-list">${shown.map((story) => html`<${Line} key=${story.id} story=${story} />`)}</ol>
    </div>
  `;
}

function Line({ story }) {
  return html`<li>
    <button type="button" class="gl-line" data-story=${story.id} onClick=${() => choose({ glass: { story: story.id } })}>
      <span class="gl-when">${clock(story.at)}</span>
      <span class="gl-line-words">
        <span>${opening(story)}<${Trouble} story=${story} /></span>
        ${said(story) && html`<span class="gl-said">${quoted(said(story))}</span>`}
        ${story.handler && html`<span class="gl-soft gl-mono">${story.handler.replace("handlers.", "")}</span>`}
      </span>
    </button>
  </li>`;
}
