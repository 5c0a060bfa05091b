// An address may name one part of the page. It leads there also once all that stands above has been drawn, and where
// that part is an activity, the keyboard goes along: to where the learner was in it, if the activity marks that.

const SETTLES = 3000; // milliseconds in which pictures and letters may still come in and move what is below them
const OWN_WAY = ["pointerdown", "keydown", "wheel", "touchstart"];
const ACTIVITY = "alongside-activity";

function named() {
  try {
    return document.getElementById(decodeURIComponent(location.hash.slice(1)));
  } catch {
    return null; // an address that was cut off
  }
}

/** Go to the part of the page that the address names, until the learner goes their own way. `drawn` ends with it. */
export async function arrive(drawn) {
  const place = named();
  if (!place) return;
  let here = place;
  const go = () => here.scrollIntoView();
  const watch = new ResizeObserver(go);
  let left = false;
  const leave = () => {
    left = true;
    watch.disconnect();
    for (const way of OWN_WAY) window.removeEventListener(way, leave, true);
  };
  for (const way of OWN_WAY) window.addEventListener(way, leave, { capture: true, passive: true });
  go();
  await drawn;
  if (left) return;
  if (place.classList.contains(ACTIVITY)) {
    here = place.querySelector("[data-here]") || place;
    if (!here.hasAttribute("tabindex")) here.tabIndex = -1;
    const take = () => here.focus({ preventScroll: true });
    // A browser that comes to the address's own part only now takes the keyboard away from what is inside it.
    here.addEventListener("blur", () => setTimeout(() => !left && document.activeElement === document.body && take()));
    take();
  }
  watch.observe(document.body);
  setTimeout(leave, SETTLES);
}
