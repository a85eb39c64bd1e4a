// Puts the widget on the page and gives the shop its few calls: window.Zhanggui.

import { readConfig } from "./config.js";
import { ZhangguiChat } from "./element.js";

/**
 * @typedef {"open"|"close"|"setShopper"|"setPage"} Call
 * @typedef {{queue?: [Call, ...any[]][]}} Waiting  calls that the page made before this was loaded
 */

/** @param {HTMLScriptElement} script */
export function install(script) {
  if (customElements.get("zhanggui-chat")) return;
  customElements.define("zhanggui-chat", ZhangguiChat);
  const element = /** @type {ZhangguiChat} */ (document.createElement("zhanggui-chat"));
  document.body.append(element);
  element.start(readConfig(script.dataset, script.src, document.documentElement.lang));
  const api = {
    open: () => element.open(),
    close: () => element.close(),
    /** @param {string|null} token signed by the shop; null when nobody is signed in any more */
    setShopper: (token) => element.chat?.setShopper(token),
    /** @param {string|null} page such as sku:10231 */
    setPage: (page) => element.chat?.setPage(page),
    queue: { push: /** @param {[Call, ...any[]]} call */ (call) => run(call) },
  };

  /** @param {[Call, ...any[]]} call */
  function run([name, ...values]) {
    return /** @type {(...values: any[]) => void} */ (api[name])(...values);
  }

  const place = /** @type {{Zhanggui?: Waiting}} */ (window);
  const early = place.Zhanggui?.queue ?? [];
  place.Zhanggui = /** @type {any} */ (api);
  for (const call of early) run(call);
}
