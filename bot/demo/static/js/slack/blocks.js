/** Block Kit, drawn from the blocks as the adapter sent them. https://docs.slack.dev/reference/block-kit/blocks */
import { html, useContext, useErrorBoundary, useId } from "../html.js";
import { t } from "../words.js";
import { Element } from "./elements.js";
import { Picture } from "./pictures.js";
import { Inline, Link, plainOf, Rich, Text, Unknown } from "./rich.js";
import { parse } from "./mrkdwn.js";
import { Surface } from "./surface.js";

function Section({ block }) {
  const { text, fields, accessory } = block;
  return html`<div class="sl-section">
    <div class="sl-section-words">
      ${text && html`<${Text} of=${text} />`}
      ${fields && html`<div class="sl-fields">${fields.map((field) => html`<${Text} of=${field} />`)}</div>`}
    </div>
    ${accessory &&
    html`<div class="sl-accessory">
      ${accessory.type === "image" ? html`<${Picture} image=${accessory} />` : html`<${Element} block=${block} element=${accessory} />`}
    </div>`}
  </div>`;
}

const Context = ({ block }) => html`<div class="sl-context">
  ${block.elements.map((part) =>
    part.type === "image" ? html`<${Picture} image=${part} small />` : html`<span><${Inline} of=${part} /></span>`,
  )}
</div>`;

const Image = ({ block }) => html`<figure class="sl-figure">
  ${block.title && html`<figcaption>${plainOf(block.title)}</figcaption>`}
  <${Picture} image=${block} />
</figure>`;

const Actions = ({ block }) => html`<div class="sl-actions">
  ${block.elements.map((element) => html`<${Element} key=${element.action_id} block=${block} element=${element} />`)}
</div>`;

const GROUPS = new Set(["checkboxes", "radio_buttons"]);
const LISTS = /_select$/;

function Input({ block }) {
  const surface = useContext(Surface);
  const id = useId();
  const { element } = block;
  const problem = surface.errors?.[block.block_id];
  const described = [block.hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  const isNamedByLabel = !GROUPS.has(element.type) && !LISTS.test(element.type);
  const field = {
    id,
    "aria-labelledby": isNamedByLabel ? undefined : `${id}-label`,
    "aria-describedby": described || undefined,
    "aria-invalid": problem && element.type !== "checkboxes" ? "true" : undefined,
    "aria-required": block.optional || element.type === "checkboxes" ? undefined : "true",
  };
  return html`<div class=${problem ? "sl-input sl-input-bad" : "sl-input"} data-block=${block.block_id}>
    <label class="sl-label" id=${`${id}-label`} for=${id}>
      ${plainOf(block.label)}${block.optional && html` <span class="sl-optional">(${t("freiwillig", "optional")})</span>`}
    </label>
    <${Element} block=${block} element=${element} field=${field} />
    ${problem && html`<p class="sl-problem" id=${`${id}-problem`}>${problem}</p>`}
    ${block.hint && html`<p class="sl-hint" id=${`${id}-hint`}>${plainOf(block.hint)}</p>`}
  </div>`;
}

const Video = ({ block }) => html`<p class="sl-p">
  <${Link} url=${block.title_url ?? block.video_url}>${plainOf(block.title)}<//>
  ${block.description && html`<br />${plainOf(block.description)}`}
</p>`;

/** Markdown proper, as far as mrkdwn has the same. */
function fromMarkdown(text) {
  return text
    .replace(/^#{1,6} +(.+)$/gm, "**$1**")
    .replace(/^( *)[-*] +/gm, "$1• ")
    .replace(/\[([^\]\n]+)\]\(([^)\s]+)\)/g, "<$2|$1>")
    .replace(/(?<!\*)\*(?!\*)([^*\n]+)\*(?!\*)/g, "_$1_")
    .replace(/\*\*([^\n]+?)\*\*/g, "*$1*")
    .replace(/~~([^\n]+?)~~/g, "~$1~");
}

const KINDS = {
  section: Section,
  rich_text: ({ block }) => html`<${Rich} elements=${block.elements} />`,
  context: Context,
  header: ({ block }) => html`<div class="sl-header" role="heading" aria-level="3">${plainOf(block.text)}</div>`,
  divider: () => html`<hr class="sl-divider" />`,
  image: Image,
  actions: Actions,
  input: Input,
  video: Video,
  markdown: ({ block }) => html`<${Rich} elements=${parse(fromMarkdown(block.text))} />`,
};

/** One block; one that is not as it should be takes nothing else down with it. */
function Block({ block }) {
  const [failure] = useErrorBoundary();
  const Kind = Object.hasOwn(KINDS, block?.type) ? KINDS[block.type] : null;
  if (failure || !Kind) return html`<${Unknown} type=${block?.type} />`;
  return html`<${Kind} block=${block} />`;
}

/** The blocks of a message or view, inside a Surface. */
export const Blocks = ({ blocks }) => html`<div class="sl-blocks">
  ${blocks.map((block, index) => html`<${Block} key=${`${block?.block_id ?? index}-${block?.type}`} block=${block} />`)}
</div>`;
