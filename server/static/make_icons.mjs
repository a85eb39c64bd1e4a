// Writes icons.svg (a sprite for server-rendered pages) and icons.js (for modules, also from another origin) from Lucide.
// Run by hand after changing the list: npm run icons. Both files are committed, so that nothing is fetched at run time.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NAMES = [
  "arrow-left", "arrow-left-right", "arrow-right", "arrow-up", "bell", "book-open", "bot", "chart-column", "check", "chevron-down",
  "chevron-left", "chevron-right", "circle-alert", "circle-check", "circle-help", "circle-user-round", "clipboard-list", "clock",
  "copy", "credit-card", "ellipsis", "external-link", "eye", "eye-off", "file-text", "funnel", "gift", "headset", "history", "house",
  "image", "inbox", "info", "keyboard", "list", "loader-circle", "lock", "log-in", "log-out", "map-pin", "menu", "message-circle",
  "minus", "moon", "package", "paperclip", "phone", "plus", "receipt", "refresh-cw", "rotate-cw", "ruler", "search", "send",
  "settings", "shield-check", "shopping-bag", "smile", "star", "store", "sun", "tag", "ticket", "timer", "triangle-alert", "truck",
  "undo-2", "user", "users", "wifi-off", "x",
];
const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "../../node_modules/lucide-static");
const version = JSON.parse(readFileSync(join(source, "package.json"), "utf8")).version;
const note = `Lucide ${version}, ISC licence: see icons.LICENSE.txt. Made by make_icons.mjs.`;

/** @param {string} name @returns {string} the inner elements, on one line */
function inner(name) {
  const svg = readFileSync(join(source, "icons", `${name}.svg`), "utf8");
  return svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>").trim();
}

/** @param {string} name @returns {[string, Record<string, string>][]} */
function parts(name) {
  return [...inner(name).matchAll(/<(\w+)([^>]*)\/>/g)].map(([, tag = "", rest = ""]) => [
    tag,
    Object.fromEntries([...rest.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value])),
  ]);
}

const symbols = NAMES.map((name) => `<symbol id="${name}" viewBox="0 0 24 24">${inner(name)}</symbol>`);
writeFileSync(join(here, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg"><!-- ${note} -->\n${symbols.join("\n")}\n</svg>\n`);

const entries = NAMES.map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(parts(name))},`);
writeFileSync(
  join(here, "icons.js"),
  `// ${note}

/** @typedef {keyof typeof PARTS} IconName */

/** @satisfies {Record<string, [string, Record<string, string>][]>} */
const PARTS = {
${entries.join("\n")}
};

const SVG = "http://www.w3.org/2000/svg";

/**
 * A 20 px outline icon that takes the colour of its text. With a name it is an image to screen readers, without it is hidden.
 * @param {IconName} icon
 * @param {string} [name]
 * @returns {SVGSVGElement}
 */
export function icon(icon, name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  if (name === undefined) svg.setAttribute("aria-hidden", "true");
  else {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", name);
  }
  for (const [tag, attributes] of PARTS[icon]) {
    const part = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    svg.append(part);
  }
  return svg;
}
`,
);
const licence = readFileSync(join(source, "LICENSE"), "utf8");
writeFileSync(join(here, "icons.LICENSE.txt"), `${note.split(":")[0]}.\n\n${licence}`);
