// Step away: a calm page over this one, by its button or by Esc. Nothing runs out while it is open, and closing it leads
// back to the very place.

export function away() {
  const calm = document.getElementById("alongside-away");
  // A page without it; or an old browser, where the button is a link to the same lines at the end of the page.
  if (!calm || !calm.showModal) return;
  const link = document.getElementById("alongside-step-away");
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.textContent = link.textContent;
  link.replaceWith(button);
  const title = document.title;
  let back = null; // what had the keyboard, and where the caret stood in it
  let place = null;
  const open = (event) => {
    event.preventDefault();
    if (calm.open) return;
    back = document.activeElement;
    place = "selectionStart" in back ? [back.selectionStart, back.selectionEnd] : null;
    calm.showModal();
    calm.querySelector("h2").focus();
    document.title = calm.dataset.title; // the tab says no more than that either
  };
  button.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    // Esc also ends the choice of a letter or a list, and is then meant for that alone.
    if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented && !calm.open) open(event);
  });
  calm.querySelector("button").addEventListener("click", () => calm.close());
  calm.addEventListener("close", () => {
    document.title = title;
    // The browser gives the keyboard back, but after a press of the button it can be without a caret, so that nothing
    // typed arrives. Giving it anew brings that back too.
    if (!back || !back.isConnected) return;
    back.blur();
    back.focus({ preventScroll: true });
    if (place && place[0] !== null) back.setSelectionRange(...place);
  });
}
