// Runs before first paint: the content policy forbids inline scripts, and a flash of the wrong theme is ugly.
(() => {
  try {
    const theme = localStorage.getItem("clientela.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    const locale = localStorage.getItem("clientela.locale");
    if (locale) document.documentElement.lang = locale;
  } catch {
    // Storage may be denied; the system's theme then applies.
  }
})();
