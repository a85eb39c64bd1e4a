// The custom element: a shadow root with launcher and panel. The shop's CSS does not reach in, ours does not reach out.

import { Chat } from "./chat.js";
import { chooseLanguage, translator } from "./messages/index.js";
import { accentProperties } from "./view/accent.js";
import { Announcer } from "./view/announcer.js";
import { h, setAttribute } from "./view/dom.js";
import { holder } from "./view/header.js";
import { Launcher } from "./view/launcher.js";
import { Panel } from "./view/panel.js";
import { spoken } from "./view/speech.js";
import { isFullScreen } from "./view/viewport.js";
import { INITIAL } from "./state/reducer.js";
import { unread } from "./state/transcript.js";

/**
 * @import {State} from "./state/types.js"
 * @import {Config} from "./config.js"
 */

const SHEETS = ["host", "frame", "composer", "messages", "prompts", "cards", "progress"];

export class ZhangguiChat extends HTMLElement {
  /** What had the focus before the panel took it. @type {Element|null} */
  opener = null;

  /** @param {Config} config */
  start(config) {
    const { server, language, page, token } = config;
    this.config = config;
    this.chat = new Chat({ server, language, page, token });
    this.readBefore = this.chat.state.readSeq;
    this.announcer = new Announcer();
    const root = h("div", { class: "zhanggui", "data-position": config.position, "data-theme": config.theme }, this.announcer.element);
    this.root = root;
    this.#speak(language);
    this.#paint(root, config.accent);
    this.#show(root);
    this.chat.subscribe((state, before) => this.#update(state, before));
    this.#update(this.chat.state, INITIAL);
    if (this.chat.memory.open && !isFullScreen()) this.chat.openPanel();
    window.addEventListener("online", () => this.chat?.wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.chat?.wake());
  }

  /** Launcher and panel in a language: that of the page, later that in which the shopper writes. @param {Config["language"]} language */
  #speak(language) {
    const { chat, config, root } = this;
    if (!chat || !config || !root) return;
    const hadFocus = this.panel?.element.contains(this.shadowRoot?.activeElement ?? null) ?? false;
    const shown = [this.launcher?.element, this.panel?.element];
    this.language = language;
    this.t = translator(language);
    this.launcher = new Launcher(this.t, () => this.toggle());
    this.following?.abort();
    this.following = new AbortController();
    this.panel = new Panel(chat, this.t, { privacyUrl: config.privacyUrl, onClose: () => this.close(), signal: this.following.signal });
    for (const element of shown) element?.remove();
    root.prepend(...(config.launcher ? [this.launcher.element] : []), this.panel.element);
    root.lang = language;
    this.refocus = hadFocus;
  }

  open() {
    if (this.chat?.state.open) return;
    this.opener = document.activeElement;
    this.chat?.openPanel();
    this.panel?.focus();
  }

  close() {
    if (!this.chat?.state.open) return;
    this.chat.closePanel();
    if (this.opener instanceof HTMLElement && this.opener !== this && this.opener !== document.body) this.opener.focus();
    else this.launcher?.element.focus();
    this.opener = null;
  }

  toggle() {
    if (this.chat?.state.open) this.close();
    else this.open();
  }

  /** Nothing is seen before its style is there. @param {HTMLElement} root */
  #show(root) {
    const shadow = this.attachShadow({ mode: "open" });
    this.hidden = true;
    const paths = ["../static/tokens.css", ...SHEETS.map((name) => `css/${name}.css`)];
    const links = paths.map((path) => h("link", { rel: "stylesheet", href: new URL(path, import.meta.url).href }));
    const loaded = links.map((link) => new Promise((done) => (link.onload = link.onerror = done)));
    shadow.append(...links, root);
    Promise.all(loaded).then(() => {
      this.hidden = false;
      this.panel?.composer.fit();
      this.panel?.log.scrollToEnd();
    });
  }

  /** The shop's accent, for the theme that is shown. @param {HTMLElement} root @param {string|null} accent */
  #paint(root, accent) {
    if (!accent) return;
    const system = matchMedia("(prefers-color-scheme: dark)");
    const paint = () => {
      const theme = root.getAttribute("data-theme");
      const dark = theme ? theme === "dark" : system.matches;
      for (const [name, value] of Object.entries(accentProperties(accent, dark ? "#181e1c" : "#ffffff"))) root.style.setProperty(name, value);
    };
    system.addEventListener("change", paint);
    paint();
  }

  /** @param {State} state @param {State} before */
  #update(state, before) {
    const language = state.language === null ? (this.config?.language ?? "zh-CN") : chooseLanguage(state.language, "en");
    const others = language !== this.language;
    if (others) this.#speak(language);
    this.launcher?.update(state);
    this.panel?.update(state, others ? INITIAL : before);
    if (others && this.refocus) this.panel?.focus();
    this.#announce(state, before);
    setAttribute(this, "data-owner", state.owner);
    setAttribute(this, "data-link", state.link);
  }

  /** @param {State} state @param {State} before */
  #announce(state, before) {
    const { t, announcer } = this;
    if (!t || !announcer) return;
    const known = Math.max(before.lastSeq, state.session === before.session ? (this.readBefore ?? 0) : 0);
    const arrived = state.messages.filter((message) => message.from !== "shopper" && (message.seq ?? 0) > known);
    if (state.open) for (const words of arrived.map((message) => spoken(message, t))) words && announcer.say(words);
    else if (arrived.length) announcer.say(t("log.unread", { n: unread(state) }));
    const moved = state.owner !== before.owner || state.position !== before.position;
    if (state.open && moved && before.session) announcer.say(holder(state, t));
  }
}
