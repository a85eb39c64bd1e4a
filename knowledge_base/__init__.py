"""Knowledge of the shop: articles and product sheets, their index and the search over it."""
