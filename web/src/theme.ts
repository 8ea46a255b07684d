/** Runs before the page is drawn, so that a dark page never flashes white. */
try {
  const chosen = localStorage.getItem("handgrad.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // A browser may keep nothing: then the system's theme it is.
}
