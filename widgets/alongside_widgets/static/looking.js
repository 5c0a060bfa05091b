import { KEPT } from "./dom.js";

export const DELETED = "alongside-deleted"; // told to the page when everything was deleted

/** Look again when work was brought back or deleted on this page, and when the learner comes back to it. */
export function lookAgain(look) {
  const back = (event) => event.persisted && look();
  const seen = () => document.visibilityState === "visible" && look();
  document.addEventListener(KEPT, look);
  document.addEventListener(DELETED, look);
  document.addEventListener("visibilitychange", seen);
  window.addEventListener("pageshow", back);
  return () => {
    document.removeEventListener(KEPT, look);
    document.removeEventListener(DELETED, look);
    document.removeEventListener("visibilitychange", seen);
    window.removeEventListener("pageshow", back);
  };
}
