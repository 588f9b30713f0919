/** Everything of Block Kit that can be pressed, picked or typed into. */
import { html, useContext, useId } from "../html.js";
import { More } from "../icons.js";
import { known } from "../store.js";
import { t } from "../words.js";
import { safe, staysHere } from "./deeds.js";
import { Menu } from "./menu.js";
import { Link, Inline, plainOf, Unknown } from "./rich.js";
import { conversations, myself } from "./seen.js";
import { Select } from "./select.js";
import { Surface, useControl } from "./surface.js";
import { DateField, DateTimeField, TimeField } from "./datefields.js";
import { TextField } from "./textfields.js";

function Button({ block, element }) {
  const { busy, press } = useControl(block, element);
  const name = `sl-button ${{ primary: "sl-primary", danger: "sl-danger" }[element.style] ?? ""}`;
  const words = plainOf(element.text);
  if (safe(element.url)) {
    const onFollow = () => staysHere(element.url) || press();
    return html`<${Link} url=${element.url} className=${name} onFollow=${onFollow}>${words}<//>`;
  }
  return html`<button
    type="button" class=${name} value=${element.value} aria-busy=${busy || undefined} aria-disabled=${busy || undefined}
    aria-label=${element.accessibility_label} onClick=${() => busy || press()}
  >${words}</button>`;
}

const option = (group) => (each) => ({
  value: each.value,
  label: plainOf(each.text),
  description: each.description && plainOf(each.description),
  group,
});

function optionsOf({ type, options, option_groups: groups }) {
  const world = known();
  if (type.includes("static_select") || type.includes("external_select")) {
    if (groups) return groups.flatMap((group) => group.options.map(option(plainOf(group.label))));
    return (options ?? []).map(option());
  }
  if (type.includes("users")) {
    const people = Object.values(world.slack.users).filter((user) => !user.deleted);
    return people.map((user) => ({ value: user.id, label: user.real_name || user.name }));
  }
  return conversations(world, myself()).channels.map(({ id, name }) => ({ value: id, label: `#${name}` }));
}

function Picker({ block, element, field }) {
  const { value, busy, send } = useControl(block, element);
  const several = element.type.startsWith("multi_");
  const options = optionsOf(element);
  const placeholder = plainOf(element.placeholder) || t("Auswählen …", "Choose …");
  const none = { value: null, label: t("Keine Auswahl", "No choice") };
  const clearable = !several && block.type === "input" && block.optional && value !== null;
  return html`<${Select}
    options=${clearable ? [none, ...options] : options} several=${several} most=${element.max_selected_items ?? Infinity}
    chosen=${several ? value : [value].filter((each) => each !== null)} placeholder=${placeholder} busy=${busy}
    field=${field ?? { "aria-label": placeholder }} onChange=${(values) => send(several ? values : (values[0] ?? null))}
  />`;
}

function Overflow({ block, element }) {
  const { send } = useControl(block, element);
  const items = element.options.map((each) => ({
    label: plainOf(each.text),
    description: each.description && plainOf(each.description),
    onChoose: () => {
      if (safe(each.url)) open(each.url, "_blank", "noopener");
      send(each.value);
    },
  }));
  return html`<${Menu} label=${t("Mehr", "More")} icon=${More} items=${items} className="sl-button sl-overflow" />`;
}

function Choices({ block, element, field }) {
  const { value, busy, send } = useControl(block, element);
  const id = useId();
  const several = element.type === "checkboxes";
  const onChange = (each) => {
    if (busy) return;
    if (!several) send(each.value);
    else send(value.includes(each.value) ? value.filter((one) => one !== each.value) : [...value, each.value]);
  };
  const { id: _, ...names } = field ?? {};
  return html`<div class="sl-choices" role=${several ? "group" : "radiogroup"} ...${names} aria-busy=${busy || undefined}>
    ${element.options.map(
      (each, index) => html`<label class="sl-choice" key=${each.value}>
        <input
          type=${several ? "checkbox" : "radio"} name=${id} id=${index ? undefined : field?.id}
          checked=${several ? value.includes(each.value) : value === each.value} onChange=${() => onChange(each)}
        />
        <span><${Inline} of=${each.text} />${each.description && html`<small><${Inline} of=${each.description} /></small>`}</span>
      </label>`,
    )}
  </div>`;
}

const KINDS = {
  button: Button,
  overflow: Overflow,
  checkboxes: Choices,
  radio_buttons: Choices,
  datepicker: DateField,
  timepicker: TimeField,
  datetimepicker: DateTimeField,
  plain_text_input: TextField,
  email_text_input: TextField,
  url_text_input: TextField,
  number_input: TextField,
};
for (const what of ["static", "external", "users", "conversations", "channels"]) {
  KINDS[`${what}_select`] = KINDS[`multi_${what}_select`] = Picker;
}

/** One element; `field` names it where it is the element of an input. */
export function Element({ block, element, field }) {
  const surface = useContext(Surface);
  const Kind = KINDS[element?.type];
  if (!Kind) return html`<${Unknown} type=${element?.type} />`;
  return html`<${Kind} key=${`${surface.id}-${element.action_id}`} block=${block} element=${element} field=${field} />`;
}
