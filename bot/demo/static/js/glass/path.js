/** A story as the steps of its path: {key, tone, words, aside, parts: [{label, json | sql | meters | text}]}. */
import { t } from "../words.js";
import { isTrouble, opening, quoted, said } from "./opening.js";
import { PLATFORMS, chatName, clock, count, number, short } from "./names.js";

/** All steps, in the order in which they were taken. */
export const pathOf = (story) => [begun(story), understood(story), handled(story), written(story), ...outbox(story), ...story.calls.map(called)].filter(Boolean);

function begun(story) {
  const words = said(story);
  const platform = PLATFORMS[story.platform];
  const twice = story.times > 1 ? t(`${story.times}-mal zugestellt, einmal gezählt`, `delivered ${story.times} times, counted once`) : "";
  return {
    key: "begun",
    tone: "person",
    words: opening(story),
    aside: [words && quoted(words), clock(story.at), twice].filter(Boolean).join(" · "),
    parts: [
      story.delivery && platform && { label: t(`Was ${platform} zugestellt hat`, `What ${platform} delivered`), json: story.delivery },
      story.request.type && { label: t("Was daraus wird, für beide Plattformen gleich", "What it becomes, the same for both platforms"), json: story.request },
    ].filter(Boolean),
  };
}

const title = (best) => (best ? best.title?.[t("de", "en")] || best.key : "");
const scored = (best) => `${title(best)} (${number(best.score, 2)})`;

const REASONS = {
  intent: (run, { best = [] }) => {
    const meant = best.find(({ key }) => key === run.key);
    return t(`Kumpel versteht: ${meant ? scored(meant) : run.key}`, `Kumpel understands: ${meant ? scored(meant) : run.key}`);
  },
  unsure: (_, { best = [] }) => t(`Kumpel ist unsicher: ${best.slice(0, 2).map(scored).join(", ")}`, `Kumpel is not sure: ${best.slice(0, 2).map(scored).join(", ")}`),
  unknown: (_, { best = [] }) => t(`Kumpel versteht das nicht${best[0] ? `, am nächsten ist: ${scored(best[0])}` : ""}`, `Kumpel does not understand this${best[0] ? `; closest is: ${scored(best[0])}` : ""}`),
  phrase: () => t("Kumpel erkennt eine feste Wendung", "Kumpel knows this phrase"),
  pattern: () => t("Kumpel erkennt das Muster, etwa das eines Codes", "Kumpel knows this pattern, such as a code’s"),
  command: (run) => t(`Kumpel kennt das Befehlswort „${run.key}“`, `Kumpel knows the command word “${run.key}”`),
  action: (run) => t(`Am Knopf steht, versiegelt: ${run.key}`, `The button carries, sealed: ${run.key}`),
  form: (run) => t(`Das Formular heißt: ${run.key}`, `The form is called: ${run.key}`),
  timer: (run) => t(`Der Wecker heißt: ${run.key}`, `The timer is called: ${run.key}`),
  report: (run) => t(`Der Versand ist gemeldet: ${run.key}`, `The sending is reported: ${run.key}`),
  router: (run) => (run.handler.endsWith(".answered") ? t("Das beantwortet die offene Frage eines Formulars", "This answers a form’s open question") : ""),
};

function understood(story) {
  const [run] = story.runs;
  const words = run && REASONS[run.by]?.(run, story.understood ?? {});
  if (!words) return ignored(story);
  const best = story.understood?.best ?? [];
  const ranked = ["intent", "unsure", "unknown"].includes(run.by);
  return {
    key: "understood",
    tone: run.by === "unknown" || run.by === "unsure" ? "doubt" : "good",
    words,
    parts: [
      ranked && best.length && { label: t("Was am besten passt", "What fits best"), meters: best.map((each) => ({ label: title(each), key: each.key, value: each.score })) },
      { label: t("Wie entschieden wurde", "How it was decided"), json: { by: run.by, key: run.key, ...(story.understood ?? {}) } },
    ].filter(Boolean),
  };
}

/** What people say among themselves. */
function ignored(story) {
  if (story.request.type !== "TextMessage" || story.rows.length || story.state !== "handled") return null;
  return {
    key: "understood",
    tone: "quiet",
    words: t("Das gilt nicht Kumpel: er behält nichts davon", "This is not meant for Kumpel: it keeps nothing of it"),
    parts: story.understood ? [{ label: t("Was am besten passt", "What fits best"), json: story.understood }] : [],
  };
}

const OUTCOMES = {
  Reply: () => t("antwortet", "answers"),
  Toast: (answer) => t(`zeigt kurz: ${quoted(answer?.text ?? "")}`, `shows for a moment: ${quoted(answer?.text ?? "")}`),
  OpenForm: () => t("öffnet ein Formular", "opens a form"),
  FormErrors: () => t("zeigt, was am Formular noch fehlt", "shows what the form still lacks"),
  TurnCalendar: () => t("blättert im Kalender", "turns the calendar’s page"),
};

const STATES = {
  handling: () => ["wait", t("Kumpel ist dabei", "Kumpel is at it")],
  again: () => ["warn", t("Nicht gespeichert: die Zustellung kommt wieder", "Not stored: the delivery comes again")],
  failed: (story) => ["bad", t(`Dabei ging etwas schief: ${story.problem}`, `Something went wrong: ${story.problem}`)],
};

function handled(story) {
  const unusual = STATES[story.state]?.(story);
  if (!story.handler && !unusual) return null;
  const outcome = OUTCOMES[story.outcome]?.(story.answer) ?? "";
  const took = story.millis ? `${number(story.millis)} ms` : "";
  return {
    key: "handled",
    tone: unusual?.[0] ?? "code",
    words: story.handler ?? unusual[1],
    code: Boolean(story.handler),
    aside: [story.handler && unusual?.[1], outcome, took].filter(Boolean).join(" · "),
    parts: [
      story.runs.length && { label: t("Was lief, von außen nach innen", "What ran, from the outside in"), json: story.runs },
      story.answer && { label: t("Was sofort zurückging", "What was answered at once"), json: story.answer },
    ].filter(Boolean),
  };
}

function written(story) {
  if (!story.rows.length) return null;
  const tables = [...new Set(story.rows.map((row) => row.table))].join(", ");
  return {
    key: "written",
    tone: "store",
    words: t(`${count(story.rows.length, "Zeile", "Zeilen")} geschrieben`, `${count(story.rows.length, "row", "rows")} written`),
    aside: tables,
    parts: story.rows.flatMap((row) => [
      { label: `${row.what} ${row.table}`, sql: row.sql },
      { label: t(`Werte für ${row.table}`, `Values for ${row.table}`), json: row.values },
    ]),
  };
}

const SENDING = {
  pending: () => t("wartet", "waiting"),
  sending: () => t("unterwegs", "on its way"),
  unknown: () => t("ungewiss, wird geprüft", "uncertain, being checked"),
  sent: () => t("angekommen", "arrived"),
  failed: () => t("nicht zustellbar", "undeliverable"),
  cancelled: () => t("abgesagt", "called off"),
  gone: () => t("weggenommen", "taken away"),
};

function outbox(story) {
  const of = (source) => story.outbox.filter((each) => each.source === source);
  const step = (source, sendings, words) => {
    if (!sendings.length) return null;
    const bad = sendings.some(({ state }) => state === "failed" || state === "unknown");
    const waiting = sendings.some(({ state }) => state === "pending" || state === "sending");
    const states = [...new Set(sendings.map(({ state }) => state))];
    return {
      key: `outbox-${source}`,
      tone: bad ? "bad" : waiting ? "wait" : "store",
      words,
      aside: states.map((state) => SENDING[state]?.() ?? state).join(", "),
      parts: sendings.map((each) => ({ label: `${chatName(each.platform, each.chat)}: ${SENDING[each.state]?.() ?? each.state}`, json: each })),
    };
  };
  const rows = of("row");
  const posts = of("post");
  return [
    step("row", rows, t(`${count(rows.length, "Nachricht", "Nachrichten")} in den Ausgang`, `${count(rows.length, "message", "messages")} into the outbox`)),
    step("post", posts, t(`${count(posts.length, "Aushang", "Aushänge")} auf den neuen Stand`, `${count(posts.length, "post", "posts")} to be brought up to date`)),
  ];
}

function called(call, index) {
  const attempt = call.attempt > 1 ? t(`${call.attempt}. Versuch`, `attempt ${call.attempt}`) : "";
  const took = call.done && call.millis ? `${number(call.millis, call.millis < 10 ? 1 : 0)} ms` : "";
  const status = !call.done ? t("läuft …", "under way …") : call.status || t("keine Antwort", "no answer");
  return {
    key: `call-${index}`,
    tone: isTrouble(call) ? (call.status === 429 ? "warn" : "bad") : call.done ? "call" : "wait",
    words: call.method,
    code: true,
    status,
    aside: [PLATFORMS[call.platform], took, attempt, isTrouble(call) && short(refusal(call))].filter(Boolean).join(" · "),
    parts: [
      { label: t(`Parameter von ${call.method}`, `Parameters of ${call.method}`), json: call.params },
      call.done && call.status && { label: t(`Antwort auf ${call.method}`, `Answer to ${call.method}`), json: call.answer },
    ].filter(Boolean),
  };
}

function refusal({ status, answer }) {
  if (status === 429) return t("zu schnell: gleich noch einmal", "too fast: once more in a moment");
  if (!status) return t("die Verbindung riss ab", "the connection was lost");
  return answer?.error ?? answer?.description ?? "";
}
