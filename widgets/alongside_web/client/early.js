(function () {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const kept = JSON.parse(localStorage.getItem("alongside-look")) || {};
    for (const name of ["text", "theme"]) if (/^[a-z]+$/.test(kept[name] || "")) root.dataset[name] = kept[name];
  } catch {
    // Nothing was kept, or it cannot be read: the page looks as the device asks.
  }
  // What activities go by: a page that names its theme is right about it.
  window.alongsideTheme = function () {
    const { theme } = root.dataset;
    if (theme) root.setAttribute("data-jp-theme-light", String(theme === "light"));
    else root.removeAttribute("data-jp-theme-light");
  };
  window.alongsideTheme();
  // Where the client cannot be loaded, the page is one without JavaScript, and says so.
  window.addEventListener("error", (event) => event.target.src && root.classList.remove("js"), true);
})();
