/** Runs before the first paint: the theme the agent has chosen. A classic script, so that it is not deferred. */
{
  const theme = localStorage.getItem("desk-theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
}
