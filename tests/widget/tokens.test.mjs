import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { accentProperties, contrast, parseColour } from "../../server/widget/view/accent.js";

const css = readFileSync(new URL("../../server/static/tokens.css", import.meta.url), "utf8");

/** @param {string} selector the text before the block @returns {Record<string, string>} */
function block(selector) {
  const start = css.indexOf(`${selector} {`);
  assert.ok(start >= 0, selector);
  const body = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]));
}

const light = block(".zhanggui");
const dark = { ...light, ...block('.zhanggui[data-theme="dark"]') };

/** @param {Record<string, string>} theme @param {string} name @returns {[number, number, number]} */
function colour(theme, name) {
  const value = theme[name] ?? assert.fail(name);
  const alias = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
  return alias ? colour(theme, alias) : (parseColour(value) ?? assert.fail(`${name}: ${value}`));
}

const SURFACES = ["--page", "--surface", "--surface-raised", "--surface-sunken", "--surface-hover"];
const TEXTS = ["--text", "--text-secondary", "--text-muted", "--accent-text", "--ok", "--notice", "--warning", "--danger"];
const PAIRS = [
  ["--on-accent", "--accent"], ["--on-accent", "--accent-hover"], ["--on-bubble-own", "--bubble-own"], ["--text", "--bubble-other"],
  ["--text-muted", "--bubble-other"], ["--text", "--bubble-agent"], ["--text-muted", "--bubble-agent"], ["--text", "--bubble-note"],
  ["--ok", "--ok-soft"], ["--notice", "--notice-soft"], ["--warning", "--warning-soft"], ["--danger", "--danger-soft"],
  ["--accent-text", "--accent-soft"], ["--on-danger", "--danger"],
];

test("both dark blocks say the same", () => {
  assert.deepEqual(block('.zhanggui:not([data-theme="light"])'), block('.zhanggui[data-theme="dark"]'));
});

for (const [name, theme] of Object.entries({ light, dark })) {
  test(`text can be read on every surface, ${name}`, () => {
    const pairs = [...SURFACES.flatMap((surface) => TEXTS.map((text) => [text, surface])), ...PAIRS];
    for (const [text = "", ground = ""] of pairs) {
      const found = contrast(colour(theme, text), colour(theme, ground));
      assert.ok(found >= 4.5, `${text} on ${ground}: ${found.toFixed(2)}`);
    }
  });

  test(`controls and focus can be seen, ${name}`, () => {
    for (const line of ["--line-strong", "--focus", "--accent"])
      for (const surface of SURFACES) {
        const found = contrast(colour(theme, line), colour(theme, surface));
        assert.ok(found >= 3, `${line} on ${surface}: ${found.toFixed(2)}`);
      }
  });

  test(`a shop's colour is made readable, ${name}`, () => {
    const surface = name === "light" ? "#ffffff" : "#181e1c";
    for (const accent of ["#ff5000", "#e1251b", "#ffd100", "#00b578", "#1677ff", "#000000", "#ffffff", "#888888", "#f0c"]) {
      const set = accentProperties(accent, surface);
      for (const [text, ground] of [["--on-accent", "--accent"], ["--on-bubble-own", "--bubble-own"]]) {
        const found = contrast(colour(set, text ?? ""), colour(set, ground ?? ""));
        assert.ok(found >= 4.5, `${accent}: ${text} on ${ground}: ${found.toFixed(2)}`);
      }
      const ground = parseColour(surface) ?? assert.fail();
      assert.ok(contrast(colour(set, "--accent-text"), ground) >= 4.5, accent);
      assert.ok(contrast(colour(set, "--accent"), ground) >= 3, accent);
    }
    assert.deepEqual(accentProperties("teal; background: url(x)", surface), {});
  });
}
