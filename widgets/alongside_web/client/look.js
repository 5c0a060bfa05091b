// The reader's own text size and colors, kept on this device alone. `early.js` sets them before the page is drawn.

const KEY = "alongside-look";

export function look() {
  const root = document.documentElement;
  for (const choice of document.querySelectorAll(".alongside-look input")) {
    choice.checked = (root.dataset[choice.name] || "") === choice.value;
    choice.addEventListener("change", () => {
      if (choice.value) root.dataset[choice.name] = choice.value;
      else delete root.dataset[choice.name];
      window.alongsideTheme();
      try {
        localStorage.setItem(KEY, JSON.stringify({ text: root.dataset.text, theme: root.dataset.theme }));
      } catch {
        // A browser that keeps nothing: the choice holds for this page.
      }
    });
  }
}
