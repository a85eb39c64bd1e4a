// Small helps of the storefront; every page reads well without them.

/** @typedef {{Zhanggui?: {open?: () => void, queue?: {push: (call: string[]) => void}}}} Page */

const place = /** @type {Page} */ (window);
place.Zhanggui ??= { queue: /** @type {any} */ ([]) };

for (const button of document.querySelectorAll("[data-open-chat]")) {
  button.removeAttribute("hidden");
  button.addEventListener("click", () => (place.Zhanggui?.open ? place.Zhanggui.open() : place.Zhanggui?.queue?.push(["open"])));
}

for (const menu of document.querySelectorAll("details.menu")) {
  const close = () => menu.removeAttribute("open");
  document.addEventListener("click", (event) => menu.contains(/** @type {Node} */ (event.target)) || close());
  menu.addEventListener("keydown", (event) => {
    if (/** @type {KeyboardEvent} */ (event).key !== "Escape") return;
    close();
    menu.querySelector("summary")?.focus();
  });
}

const product = document.querySelector("[data-stock]");
if (product) showStockOf(/** @type {HTMLElement} */ (product));

/** What is chosen decides picture and stock. @param {HTMLElement} product */
function showStockOf(product) {
  /** @type {{option: string, quantity: number}[]} */
  const stock = JSON.parse(product.dataset.stock ?? "[]");
  const groups = [...product.querySelectorAll("[data-option]")];
  const picture = /** @type {HTMLImageElement|null} */ (product.querySelector(".product-picture"));
  const text = product.querySelector("[data-stock-text] span");
  const full = text?.textContent ?? "";

  product.addEventListener("change", () => {
    const chosen = groups.map((group) => /** @type {HTMLInputElement|null} */ (group.querySelector("input:checked"))?.value);
    const [first] = chosen;
    if (picture && first) picture.src = `/store/pictures/${product.dataset.sku}.svg?option=${encodeURIComponent(first)}`;
    const entry = stock.find(({ option }) => option === chosen.join("/"));
    if (text) text.textContent = entry ? words(entry.quantity) : full;
    mark(chosen);
  });

  /** Values that cannot be had with the other choices are marked. @param {(string|undefined)[]} chosen */
  function mark(chosen) {
    groups.forEach((group, i) => {
      for (const input of group.querySelectorAll("input")) {
        const wanted = chosen.map((value, j) => (i === j ? input.value : value));
        const fits = stock.some(({ option, quantity }) => quantity > 0 && option.split("/").every((part, j) => !wanted[j] || wanted[j] === part));
        input.parentElement?.classList.toggle("gone", !fits);
      }
    });
  }
}

/** @param {number} quantity */
function words(quantity) {
  if (quantity <= 0) return "这个规格暂时缺货";
  return quantity <= 5 ? `有货，仅剩 ${quantity} 件` : "有货";
}
