// A button that prints the whole page, where there is little on it.

export function print() {
  const button = document.querySelector(".alongside-print-page");
  if (button) button.addEventListener("click", () => window.print());
}
