/** The guided tour: one sentence, a ring around the place to act, and somebody who does it for the reader. */
import { html, useEffect, useRef, useState } from "../html.js";
import { choose, known, ui as chosen } from "../store.js";
import { t, told } from "../words.js";
import { Check, Close, Next } from "../icons.js";
import { goTo, show } from "./progress.js";
import { steps } from "./steps.js";

const LOOK_MS = 250;
const READING_MS = 5000;
/** So long after helping, the same help is not offered again: the bot is about to answer. */
const ANSWER_MS = 8000;

/** The bar of the tour; nothing while it is put away. */
export function Tour({ world, ui }) {
  const ready = world.bot.running && !world.bot.starting;
  useEffect(() => {
    if (ready && ui.step !== null && !ui.since) goTo(ui.step);
  }, [ready]);
  if (ui.step === null || !ui.since) return null;
  return steps[ui.step] ? html`<${Step} key=${ui.step} world=${world} ui=${ui} />` : html`<${End} />`;
}

function Step({ world, ui }) {
  const step = steps[ui.step];
  const { since } = ui;
  const [done, setDone] = useState(false);
  const [helped, setHelped] = useState(null);
  const [held, setHeld] = useState(false);
  const act = step.acts.findLast((each) => each.ready(world, since)) ?? step.acts[0];
  const mine = ui.me === step.who();
  const here = useRing(() => (done || !mine ? null : visible(act.here(known(), since))));
  const reached = Boolean(step.done(world, since));
  useEffect(() => {
    if (reached) setDone(true);
  }, [reached]);
  useEffect(() => {
    if (done) step.then?.(known());
  }, [done]);
  useEffect(() => {
    if (!done || held) return undefined;
    // Whoever has become somebody else meanwhile is at something, and is not taken away from it.
    const timer = setTimeout(() => goTo(ui.step + 1, chosen().me === step.who()), READING_MS);
    return () => clearTimeout(timer);
  }, [done, held]);
  const help = async () => {
    setHelped(act);
    await act.help(known(), since);
    setTimeout(() => setHelped(null), ANSWER_MS);
  };
  // Who points at the bar or stands on it goes on when they like.
  const hold = () => setHeld(true);
  const release = ({ currentTarget }) => setHeld(currentTarget.matches(":hover") || currentTarget.matches(":focus-within"));
  const person = world.people[step.who()];
  const role = `${person.name} (${told(person.role)})`;
  const changes = ui.step > 0 && steps[ui.step - 1].who() !== step.who();
  const who = !mine ? "" : ui.step === 0 ? t(`Du bist ${role}.`, `You are ${role}.`) : changes && t(`Jetzt bist du ${role}.`, `Now you are ${role}.`);
  const words = done ? step.learned() : [act === step.acts[0] && who, act.words(world, since)].filter(Boolean).join(" ");
  const primary = done
    ? { words: t("Weiter", "Go on"), run: () => goTo(ui.step + 1), Icon: Next }
    : here
      ? { words: act.helps?.() ?? t("Für mich tun", "Do it for me"), run: help, Icon: null }
      : { words: t("Bring mich hin", "Take me there"), run: () => show(step), Icon: null };
  return html`<section class="sh-tour" aria-label=${t("Tour", "Tour")} data-step=${ui.step + 1} data-done=${done}
    onPointerEnter=${hold} onPointerLeave=${release} onFocusIn=${hold} onFocusOut=${release}>
    <${Dots} at=${ui.step} />
    <p class="sh-tour-words" aria-live="polite">
      <b>${done && html`<${Check} />`}${step.title()}.</b>${" "}${words}
    </p>
    <div class="sh-tour-tools">
      <button type="button" class="sh-action sh-tour-do" disabled=${!done && here && helped === act} onClick=${primary.run}>${primary.words}${primary.Icon && html`<${primary.Icon} size=${16} />`}</button>
      ${!done && html`<button type="button" class="sh-action" data-tour="skip" onClick=${() => goTo(ui.step + 1)}>${t("Überspringen", "Skip")}</button>`}
      <${Away} />
    </div>
  </section>`;
}

function End() {
  return html`<section class="sh-tour" aria-label=${t("Tour", "Tour")} data-step="end">
    <p class="sh-tour-words" aria-live="polite">
      <b>${t("Das war’s.", "That was it.")}</b>${" "}
      ${t(
        "Probier selbst: Stell die Uhr vor, lass Kumpel abstürzen, oder sieh durch die Glaswand, was hinter einer Nachricht geschah.",
        "Try it yourself: move the clock on, let Kumpel crash, or look through the glass wall at what happened behind a message.",
      )}
    </p>
    <div class="sh-tour-tools">
      <button type="button" class="sh-action" data-tour="again" onClick=${() => goTo(0)}>${t("Noch einmal", "Once more")}</button>
      <${Away} />
    </div>
  </section>`;
}

const Away = () => {
  const words = t("Tour weglegen", "Put the tour away");
  return html`<button type="button" class="sh-button" data-tour="away" aria-label=${words} title=${words} onClick=${() => choose({ step: null })}><${Close} /></button>`;
};

function Dots({ at }) {
  return html`<p class="sh-dots">
    <span class="hidden">${t(`Schritt ${at + 1} von ${steps.length}`, `Step ${at + 1} of ${steps.length}`)}</span>
    ${steps.map((_, index) => html`<span key=${index} aria-hidden="true" class=${index < at ? "sh-past" : index === at ? "sh-here" : ""}></span>`)}
  </p>`;
}

const visible = (element) => (element?.checkVisibility() ? element : null);

/** Keep a ring around the element that `find` returns, whenever it comes and goes; whether there is one. */
function useRing(find) {
  const [there, setThere] = useState(false);
  const latest = useRef();
  const ringed = useRef(null);
  latest.current = find;
  const look = () => {
    const element = latest.current() ?? null;
    if (element === ringed.current) return;
    ringed.current?.removeAttribute("data-tour-here");
    ringed.current = element;
    element?.setAttribute("data-tour-here", "");
    element?.scrollIntoView({ block: "nearest" });
    setThere(Boolean(element));
  };
  useEffect(look);
  useEffect(() => {
    const timer = setInterval(look, LOOK_MS);
    return () => {
      clearInterval(timer);
      ringed.current?.removeAttribute("data-tour-here");
    };
  }, []);
  return there;
}
