// The loader that a shop embeds: <script async src="…/widget.js" data-lang="zh-CN"></script>. Everything else is a module beside it.
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const place = /** @type {{Zhanggui?: any}} */ (window);

  // Calls made before the modules are there wait in a queue; main.js answers them and replaces these.
  const queue = place.Zhanggui?.queue ?? [];
  place.Zhanggui = { queue };
  for (const name of ["open", "close", "setShopper", "setPage"]) {
    place.Zhanggui[name] = /** @param {...any} values */ (...values) => void queue.push([name, ...values]);
  }

  const ready = document.body ? Promise.resolve() : new Promise((done) => addEventListener("DOMContentLoaded", done, { once: true }));
  Promise.all([import(new URL("./widget/main.js", script.src).href), ready]).then(
    ([{ install }]) => install(script),
    (error) => console.error("zhanggui: the chat could not be loaded", error),
  );
})();
