// The shop's colour: what stands on it and its shades are computed, so that text can always be read.

const TEXT_CONTRAST = 4.5;
const WHITE_SUITS = 2.6;

/** @typedef {[number, number, number]} Rgb */

/** @param {string} text #rgb or #rrggbb @returns {Rgb|null} */
export function parseColour(text) {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(text);
  const hex = short ? `#${short.slice(1).map((digit) => digit + digit).join("")}` : text;
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(hex);
  return long ? /** @type {Rgb} */ (long.slice(1).map((pair) => parseInt(pair, 16))) : null;
}

/** WCAG contrast of two colours, 1 to 21. @param {Rgb} a @param {Rgb} b */
export function contrast(a, b) {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * Custom properties for a shop's accent on a surface.
 * @param {string} accent @param {string} surface both #rrggbb @returns {Record<string, string>} empty for what is no colour
 */
export function accentProperties(accent, surface) {
  const colour = parseColour(accent);
  const ground = parseColour(surface);
  if (!colour || !ground) return {};
  const dark = luminance(ground) < 0.2;
  const away = /** @type {Rgb} */ (dark ? [255, 255, 255] : [0, 0, 0]);
  const nearlyReadable = !dark && contrast(colour, ground) >= WHITE_SUITS;
  const fill = readable(colour, ground, away, nearlyReadable ? TEXT_CONTRAST : 3);
  const on = textOn(fill);
  const bubble = dark ? readable(mix(colour, ground, 0.35), [255, 255, 255], [0, 0, 0], TEXT_CONTRAST) : fill;
  return {
    "--accent": hex(fill),
    "--accent-hover": hex(mix(fill, away, 0.12)),
    "--on-accent": hex(on),
    "--accent-text": hex(readable(fill, ground, away, TEXT_CONTRAST + 0.5)),
    "--accent-soft": hex(mix(ground, fill, dark ? 0.18 : 0.1)),
    "--accent-line": hex(mix(ground, fill, 0.4)),
    "--focus": hex(fill),
    "--bubble-own": hex(bubble),
    "--on-bubble-own": hex(textOn(bubble)),
    "--bubble-agent": hex(mix(ground, fill, dark ? 0.2 : 0.1)),
  };
}

/** White where it can be read, else black. @param {Rgb} ground @returns {Rgb} */
function textOn(ground) {
  return contrast([255, 255, 255], ground) >= TEXT_CONTRAST ? [255, 255, 255] : [0, 0, 0];
}

/** The colour, moved away from the ground until the contrast is there. @param {Rgb} colour @param {Rgb} ground @param {Rgb} away @param {number} wanted */
function readable(colour, ground, away, wanted) {
  let shade = colour;
  for (let step = 0; step < 20 && contrast(shade, ground) < wanted; step += 1) shade = mix(shade, away, 0.08);
  return shade;
}

/** @param {Rgb} a @param {Rgb} b @param {number} share of b @returns {Rgb} */
function mix(a, b, share) {
  return /** @type {Rgb} */ (a.map((channel, i) => Math.round(channel + ((b[i] ?? 0) - channel) * share)));
}

/** @param {Rgb} colour */
function hex(colour) {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** @param {Rgb} colour */
function luminance([r, g, b]) {
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** @param {number} channel */
function linear(channel) {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
