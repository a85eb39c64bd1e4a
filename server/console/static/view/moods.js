/** Sentiment over time as a small line: one point per shopper turn, up is better, labelled at both ends. */

import { nameOf, t } from "../i18n.js";
import { el } from "./dom.js";

/** @typedef {import("../state/types.js").Mood} Mood */

const HEIGHTS = /** @type {Record<string, number>} */ ({ pleased: 0, calm: 1, worried: 2, annoyed: 3, angry: 4 });
const SHOWN = 12;
const WIDTH = 140;
const HEIGHT = 28;
const EDGE = 4;
const SVG = "http://www.w3.org/2000/svg";

/** @param {Mood[]} moods @param {Map<number, string>} texts what was said, by number */
export function moodLine(moods, texts) {
  const shown = moods.slice(-SHOWN);
  const labels = shown.map((mood) => nameOf("mood", mood.label));
  return el(
    "div",
    { class: "moods", role: "img", "aria-label": `${t("tried.moods")}：${labels.join("、")}` },
    el("span", { class: "muted" }, labels[0] ?? ""),
    picture(shown, texts),
    el("span", { class: shown.at(-1)?.label === "angry" ? "mood-angry" : "" }, labels.at(-1) ?? ""),
  );
}

/** @param {Mood[]} moods @param {Map<number, string>} texts */
function picture(moods, texts) {
  const svg = node("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: String(WIDTH), height: String(HEIGHT), class: "mood-line", "aria-hidden": "true" });
  const step = (WIDTH - 2 * EDGE) / Math.max(1, moods.length - 1);
  const points = moods.map((mood, at) => ({ x: EDGE + at * step, y: EDGE + ((HEIGHTS[mood.label] ?? 1) / 4) * (HEIGHT - 2 * EDGE), mood }));
  svg.append(node("line", { x1: "0", x2: String(WIDTH), y1: "9", y2: "9", class: "mood-calm" }));
  svg.append(node("polyline", { points: points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "), class: "mood-path" }));
  for (const { x, y, mood } of points) {
    const dot = node("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: "2.5", class: mood.label === "angry" ? "mood-dot mood-dot-angry" : "mood-dot" });
    const title = node("title", {});
    title.textContent = `${nameOf("mood", mood.label)}：${texts.get(mood.seq) ?? ""}`;
    dot.append(title);
    svg.append(dot);
  }
  return svg;
}

/** @param {string} tag @param {Record<string, string>} attributes */
function node(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
