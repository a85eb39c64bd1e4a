/** The four parts of the context column. */

import { language, nameOf, t } from "../i18n.js";
import { cardView, ticketCard } from "./cards.js";
import { el, iconButton, smallIcon } from "./dom.js";
import { moodLine } from "./moods.js";
import { nameOfShopper } from "./words.js";

/** @typedef {import("../state/types.js").Packet} Packet */
/** @typedef {import("../state/types.js").Row} Row */
/** @typedef {import("../i18n.js").MessageKey} MessageKey */

const ATTEMPTS_SHOWN = 3;
const ARTICLES_SHOWN = 3;
const LANGUAGES = new Set(["zh", "zh-CN", ""]);

/** @param {string} name @param {string} heading @param {...import("./dom.js").Child} children */
function part(name, heading, ...children) {
  return el("section", { class: `part part-${name}`, "data-testid": `packet-${name}` }, el("h2", { class: "part-head" }, heading), ...children);
}

/** @param {Packet} packet @param {Row} row @param {(field: string) => void} reveal */
export function whoPart(packet, row, reveal) {
  const { shopper } = packet;
  const tags = shopper.tags.filter((tag) => tag !== shopper.level && tag !== "anonymous").map((tag) => nameOf("tag", tag));
  const tongue = LANGUAGES.has(shopper.language) ? "" : languageName(shopper.language);
  return part(
    "who",
    t("who.heading"),
    el(
      "p",
      { class: "who-name" },
      el("strong", {}, row.name === "" && shopper.id === "" ? t("who.anonymous") : nameOfShopper(row)),
      shopper.level !== "" && row.name !== "" && el("span", { class: "tag" }, nameOf("level", shopper.level)),
      ...[...tags, tongue].filter(Boolean).map((tag) => el("span", { class: "tag" }, tag)),
    ),
    shopper.personal.length > 0 && el("dl", { class: "pairs" }, ...shopper.personal.map((item) => personalView(item, reveal))),
    ticketsView(shopper.tickets),
  );
}

/** @param {Packet["shopper"]["personal"][number]} item @param {(field: string) => void} reveal */
function personalView(item, reveal) {
  const field = t(/** @type {MessageKey} */ (`who.${item.field}`));
  const eye = iconButton("eye", t("who.reveal", { field }), { class: "button button-quiet button-icon button-tiny", onclick: () => reveal(item.field) });
  return el("div", {}, el("dt", {}, field), el("dd", { class: "numbers" }, el("span", {}, item.value), item.mayReveal && eye));
}

/** @param {import("../state/types.js").Card[]} tickets */
function ticketsView(tickets) {
  const first = tickets[0];
  if (!first) return el("p", { class: "muted" }, t("who.no_tickets"));
  return el("details", { class: "fold" }, el("summary", {}, t("who.tickets", { count: tickets.length }), el("span", { class: "muted" }, ` ${first.class_text ?? ""} ${first.status_text ?? ""}`), smallIcon("chevron-down")), ...tickets.map(ticketCard));
}

/** @param {Packet} packet @param {number} now the conversation's own time */
export function whatPart(packet, now) {
  if (packet.cards.length === 0) return part("what", t("what.heading"), el("p", { class: "muted" }, t("what.none")));
  return part("what", t("what.heading"), el("div", { class: "snapshots" }, ...packet.cards.map((card) => cardView(card, now)).filter((view) => view !== null)));
}

/** @param {Packet} packet @param {Row} row @param {import("../state/types.js").Message[]} messages @param {string} me */
export function triedPart(packet, row, messages, me) {
  const complaint = packet.complaintClass === "" ? "" : nameOf("class", packet.complaintClass);
  const note = messages.findLast((message) => message.isPrivate && message.from === "agent" && message.name !== me);
  const texts = new Map(messages.map((message) => [message.seq, message.text]));
  return part(
    "tried",
    t("tried.heading"),
    el("p", {}, el("strong", {}, nameOf("reason", row.reason)), complaint !== "" && el("span", { class: "muted" }, t("join") + complaint)),
    note && el("p", { class: "from-colleague" }, smallIcon("lock"), el("span", { class: "clamp-2", title: note.text }, `${note.name}：${note.text}`)),
    packet.summary !== "" && foldable(packet.summary),
    factsView(packet.facts),
    packet.moods.some((mood) => mood.label !== packet.moods[0]?.label) && moodLine(packet.moods, texts),
    attemptsView(packet.tried),
  );
}

/** A paragraph of at most two lines that a click opens. @param {string} text */
function foldable(text) {
  const body = el("span", { class: "clamp-2" }, text);
  const button = el("button", { type: "button", class: "foldable", "aria-expanded": "false", onclick: () => {
    const isOpen = body.classList.toggle("clamp-2");
    button.setAttribute("aria-expanded", String(!isOpen));
  } }, body);
  return button;
}

/** @param {import("../state/types.js").Fact[]} facts */
function factsView(facts) {
  if (facts.length === 0) return null;
  return el(
    "ul",
    { class: "facts" },
    ...facts.map((fact) =>
      el(
        "li",
        { class: fact.verified ? "fact-verified" : "fact-claimed" },
        smallIcon(fact.verified ? "circle-check" : "circle-help"),
        el("span", { class: "visually-hidden" }, t(fact.verified ? "tried.facts" : "tried.claims")),
        el("span", {}, factText(fact)),
      ),
    ),
  );
}

/** @param {import("../state/types.js").Fact} fact */
function factText(fact) {
  if (fact.name === "shopper") return t(fact.verified ? "fact.signed_in" : "fact.anonymous");
  if (fact.name === "order" && fact.verified) return t("fact.order", { tail: fact.value.slice(-4) });
  return [nameOf("fact", fact.name), fact.value, fact.by === "" ? "" : nameOf("by", fact.by)].filter(Boolean).join(t("join"));
}

/** @param {import("../state/types.js").Attempt[]} tried */
function attemptsView(tried) {
  if (tried.length === 0) return el("p", { class: "muted" }, t("tried.none"));
  const latest = tried.slice(-ATTEMPTS_SHOWN);
  const earlier = tried.slice(0, -ATTEMPTS_SHOWN);
  return el(
    "div",
    {},
    earlier.length > 0 && el("details", { class: "fold attempts-earlier" }, el("summary", { class: "muted" }, t("tried.earlier", { count: earlier.length }), smallIcon("chevron-down")), attemptList(earlier)),
    attemptList(latest),
  );
}

/** @param {import("../state/types.js").Attempt[]} tried */
function attemptList(tried) {
  return el("ul", { class: "attempts", "aria-label": t("tried.bot") }, ...tried.map((step) =>
    el("li", { title: step.text }, el("span", {}, nameOf("intent", step.intent)), el("span", { class: "attempt-text muted" }, step.text), el("span", { class: "secondary" }, nameOf("result", step.result)))));
}

/** @param {Packet} packet @param {(text: string) => void} insert */
export function sayPart(packet, insert) {
  const articles = packet.articles.slice(0, ARTICLES_SHOWN);
  if (articles.length === 0) return part("say", t("say.heading"), el("p", { class: "muted" }, t("say.none")));
  return part("say", t("say.heading"), el("ul", { class: "articles" }, ...articles.map((article) => articleView(article, insert))));
}

/** @param {import("../state/types.js").Article} article @param {(text: string) => void} insert */
function articleView(article, insert) {
  const shown = (/** @type {Event} */ event) => event.target instanceof HTMLDetailsElement && event.target.open && event.target.scrollIntoView({ block: "nearest" });
  return el(
    "li",
    {},
    el(
      "details",
      { class: "article", name: "article", ontoggle: shown },
      el("summary", { title: t("say.preview", { title: article.title }) }, el("span", { class: "article-title" }, article.title), el("span", { class: "muted numbers" }, article.score.toFixed(2))),
      el("p", { class: "article-answer" }, article.answer),
    ),
    el("button", { type: "button", class: "button button-quiet button-small", "aria-label": `${t("say.insert")} ${article.title}`, onclick: () => insert(article.answer) }, t("say.insert")),
  );
}

/** @param {string} tag */
function languageName(tag) {
  try {
    return new Intl.DisplayNames([language()], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
