// The message list is one stop of the Tab key: arrow keys, Home and End walk over messages, Tab goes on to the controls of that one.

const CONTROLS = "a[href], button, input, textarea";

export class Roving {
  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
    /** @type {HTMLElement|null} */
    this.current = null;
    list.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("focusin", (event) => {
      const article = /** @type {HTMLElement} */ (event.target).closest("article");
      if (article) this.#choose(/** @type {HTMLElement} */ (article));
    });
  }

  get #articles() {
    return /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("article")]);
  }

  /** After messages came or went: the last one is entered first, unless the reader stands on another. */
  refresh() {
    const articles = this.#articles;
    const stays = this.current && articles.includes(this.current) && this.current.matches(":focus-within");
    for (const article of articles) this.#reach(article, false);
    this.current = null;
    const next = stays ? articles.find((article) => article.matches(":focus-within")) : articles.at(-1);
    if (next) this.#choose(next);
  }

  focusCurrent() {
    this.current?.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} article */
  #choose(article) {
    if (article === this.current) return;
    if (this.current) this.#reach(this.current, false);
    this.current = article;
    this.#reach(article, true);
  }

  /** @param {HTMLElement} article @param {boolean} reachable */
  #reach(article, reachable) {
    article.tabIndex = reachable ? 0 : -1;
    for (const control of article.querySelectorAll(CONTROLS)) /** @type {HTMLElement} */ (control).tabIndex = reachable ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target !== this.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const articles = this.#articles;
    const at = articles.indexOf(/** @type {HTMLElement} */ (this.current));
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: articles.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    articles[Math.min(Math.max(to, 0), articles.length - 1)]?.focus();
  }
}
