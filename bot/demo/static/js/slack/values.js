/** What stands in a control, as deeds carry it: texts, option values, ids, days, times, seconds; null when empty. */

const ofOption = (option) => option?.value ?? null;
const ofOptions = (options) => (options ?? []).map(ofOption);
const plain = (value) => value ?? null;
const list = (values) => values ?? [];

/** element type → [key in Slack's state object, the element's own initial value, how to read both]. */
const KINDS = {
  plain_text_input: ["value", "initial_value", plain],
  email_text_input: ["value", "initial_value", plain],
  url_text_input: ["value", "initial_value", plain],
  number_input: ["value", "initial_value", plain],
  static_select: ["selected_option", "initial_option", ofOption],
  external_select: ["selected_option", "initial_option", ofOption],
  radio_buttons: ["selected_option", "initial_option", ofOption],
  multi_static_select: ["selected_options", "initial_options", ofOptions],
  multi_external_select: ["selected_options", "initial_options", ofOptions],
  checkboxes: ["selected_options", "initial_options", ofOptions],
  users_select: ["selected_user", "initial_user", plain],
  multi_users_select: ["selected_users", "initial_users", list],
  conversations_select: ["selected_conversation", "initial_conversation", plain],
  multi_conversations_select: ["selected_conversations", "initial_conversations", list],
  channels_select: ["selected_channel", "initial_channel", plain],
  multi_channels_select: ["selected_channels", "initial_channels", list],
  datepicker: ["selected_date", "initial_date", plain],
  timepicker: ["selected_time", "initial_time", plain],
  datetimepicker: ["selected_date_time", "initial_date_time", plain],
};

/** What stands in an element, by its state object or, before anybody touched it, its initial value. */
export function valueOf(element, state) {
  const [key, initial, read] = KINDS[element.type] ?? [null, null, () => null];
  return read(state && key in state ? state[key] : element[initial]);
}

/** The inputs of a view that take values: [{block, element}]. */
export const inputsOf = (blocks) =>
  blocks
    .filter((block) => block.type === "input" && block.element?.type in KINDS)
    .map((block) => ({ block, element: block.element }));

const isEmpty = (value) => value === null || value === "" || (Array.isArray(value) && !value.length);
const MAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

/** What a Slack client itself would say about an input, by a sentence in both languages; null when it is well. */
export function problemOf({ block, element }, value) {
  if (isEmpty(value)) return block.optional ? null : ["Das fehlt noch.", "This is still missing."];
  const { min_length: least = 0, max_length: most = 3000 } = element;
  switch (element.type) {
    case "plain_text_input":
      if (value.length < least) return [`Bitte mindestens ${least} Zeichen.`, `At least ${least} characters, please.`];
      if (value.length > most) return [`Höchstens ${most} Zeichen, bitte.`, `At most ${most} characters, please.`];
      return null;
    case "email_text_input":
      return MAIL.test(value) ? null : ["Das sieht nicht nach einer E-Mail-Adresse aus.", "This does not look like an e-mail address."];
    case "url_text_input":
      return /^https?:\/\/\S+/.test(value) ? null : ["Eine Adresse beginnt mit https://.", "An address begins with https://."];
    case "number_input":
      return numberProblem(element, value);
    default:
      return null;
  }
}

function numberProblem({ is_decimal_allowed: decimal, min_value: least, max_value: most }, value) {
  if (!(decimal ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/).test(value)) {
    return decimal ? ["Bitte eine Zahl, etwa 2.5.", "A number, please, such as 2.5."] : ["Bitte eine ganze Zahl.", "A whole number, please."];
  }
  if (least !== undefined && Number(value) < Number(least)) return [`Mindestens ${least}, bitte.`, `At least ${least}, please.`];
  if (most !== undefined && Number(value) > Number(most)) return [`Höchstens ${most}, bitte.`, `At most ${most}, please.`];
  return null;
}
