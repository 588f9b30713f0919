/**
 * The six steps. Each has somebody who acts, a pane and a place to look at, and acts: the last act that is `ready`
 * is at hand; `here` finds the element to ring, `help` does it. `done` says from the world that the step is done;
 * `since` is what was the latest when it began. Readers of English walk with Sam, whom the bot answers in English.
 */
import { become, known, ui } from "../store.js";
import { t } from "../words.js";
import { eventForm } from "./form.js";
import { pressing, saying } from "./acts.js";
import * as find from "./world.js";

const founder = () => t("lena", "sam");
const nameOf = (key) => known().people[key].name;
const ever = { slack: "" };

const inSlack = { slack: "im", thread: null };
const inTelegram = (world) => ({ telegram: find.telegramDirect(world, founder()), topic: null });
const founders = (action) => (world, since) => find.slackButton(world, find.slackDirect(world, founder()), action, since);

const ask = {
  title: () => t("Frag etwas", "Ask something"),
  who: founder,
  pane: "slack",
  place: () => inSlack,
  acts: [saying("slack", () => t("was kostet ein schreibtisch", "what does a desk cost"))],
  done: (world, since) => find.slackAnswered(world, find.slackNews(world, find.slackDirect(world, founder()), since)),
  learned: () => t("Kumpel antwortet mit dem, was der Hub ihm beigebracht hat.", "Kumpel answers with what the hub has taught it."),
};

const book = {
  title: () => t("Buch einen Platz", "Book a desk"),
  who: founder,
  pane: "slack",
  place: () => inSlack,
  acts: [
    saying("slack", () => t("ist morgen ein platz frei", "is a desk free tomorrow")),
    pressing("slack", founders("desks:day")), // tomorrow the hub may be closed: other days are offered
    pressing("slack", founders("desks:take")),
  ],
  done: founders("desks:cancel"),
  learned: () => t("Ein Klick, und der Platz ist gebucht, mit Kalenderdatei.", "One press, and the desk is booked, with a calendar file."),
};

const form = (world) => find.openForm(world, "aylin");
const draft = (world, since) => find.slackButton(world, find.slackDirect(world, "aylin"), "events:publish", since);
const inGroups = (world, since) => Object.keys(world.telegram.messages).some((chat) => find.telegramButton(world, chat, "events:going", since));
const inChannels = (world, since) => Object.keys(world.slack.messages).some((channel) => find.slackButton(world, channel, "events:going", since));
/** Slack is faster; the next step is in a group, if one subscribed. */
const invited = (world, since) => inGroups(world, since) || (inChannels(world, since) && !find.groupThatSubscribed(world, "mira"));
const event = {
  title: () => t("Lade zu einem Termin ein", "Invite people to an event"),
  who: () => "aylin",
  pane: "slack",
  place: () => inSlack,
  acts: [saying("slack", () => "/kumpel termin"), ...eventForm(form), pressing("slack", draft, () => "publish")],
  done: invited,
  learned: () => t("Die Einladung steht jetzt in Slack und in den Telegram-Gruppen.", "The invitation is out, in Slack and in the Telegram groups."),
};

const going = (world) => find.telegramButton(world, find.groupWithEvent(world, "mira"), "events:going", null);
const join = {
  title: () => t("Sag zu", "Say yes"),
  who: () => "mira",
  pane: "telegram",
  place: (world) => ({ telegram: find.groupWithEvent(world, "mira"), topic: null }),
  possible: (world) => find.groupWithEvent(world, "mira"),
  acts: [pressing("telegram", going, () => "I’m in")],
  /** Saying yes changes what stands there: how many come. */
  before: (world) => going(world)?.message.text,
  done: (world, since) => going(world)?.message.text !== since.before,
  learned: () => t("Die Gruppe sieht, wie viele kommen, aber nicht, wer.", "The group sees how many come, but not who."),
};

const request = {
  title: () => t("Such dir Hilfe", "Look for help"),
  who: founder,
  pane: "telegram",
  place: inTelegram,
  acts: [
    saying("telegram", () => t("ich suche einen mentor für logistik", "I am looking for a mentor in logistics")),
    {
      ...saying("telegram", () => t("Wir suchen Pilotkunden für unsere Lagerroboter.", "We are looking for pilot customers for our robots.")),
      ready: (world, since) => find.formQuestion(world, inTelegram(world).telegram, since),
    },
    pressing("telegram", (world, since) => {
      const offered = find.formQuestion(world, inTelegram(world).telegram, since)?.filter(({ value }) => value?.startsWith("form:p"));
      return offered?.find(({ label }) => label.startsWith("✓")) ?? offered?.[0];
    }),
  ],
  done: (world, since) => waiting(world, since) && find.telegramButton(world, inTelegram(world).telegram, "mentoring:withdraw", since),
  learned: () => t("Die Anfrage liegt jetzt bei den Community-Managern, in beiden Chats.", "The request is now with the community managers, in both chats."),
};

const waiting = (world, since = ever) => find.slackButton(world, find.slackChannel(world, "community-managers"), "mentoring:accept", since);
const heard = (world, since) => find.telegramButton(world, inTelegram(world).telegram, "mentoring:write", since);
const look = (world) => become(founder(), request.pane, request.place(world));
const decide = {
  title: () => t("Entscheide", "Decide"),
  who: () => "aylin",
  pane: "slack",
  place: (world) => ({ slack: find.slackChannel(world, "community-managers"), thread: null }),
  possible: (world) => waiting(world),
  acts: [
    pressing("slack", (world) => waiting(world), () => "accept"),
    {
      ready: heard,
      here: () => document.querySelector(`.sh-people [data-person=${founder()}], .sh-menu-people > button`),
      help: look,
      words: () => t(`Und jetzt sieh als ${nameOf(founder())} nach, was in Telegram angekommen ist.`, `And now be ${nameOf(founder())} and see what has arrived in Telegram.`),
    },
  ],
  done: (world, since) => ui().me === founder() && heard(world, since),
  then: look,
  learned: () => t("Die Antwort kommt dort an, wo gefragt wurde.", "The answer arrives where it was asked for."),
};

export const steps = [ask, book, event, join, request, decide];
