// The summary of a lesson can be printed alone: the rest stays on the screen and off the paper.

export function paper() {
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".alongside-print")) return;
    document.body.classList.add("alongside-one-page-only");
    window.print();
  });
  window.addEventListener("afterprint", () => document.body.classList.remove("alongside-one-page-only"));
}
