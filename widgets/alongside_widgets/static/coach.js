import { el, icon } from "./dom.js";

/** Draw what the coach heard: the learner's words, marked by an underline and a label, and what is said of them. */
export function coached(view, words) {
  const marked = view.parts.some((part) => part.label);
  return el(
    "div",
    { class: `al-coach al-coach-${view.kind}` },
    el("p", { class: "al-label" }, icon(view.kind === "harm" ? "harm" : "info"), " ", words.coach),
    marked ? el("p", { class: "al-marked" }, view.parts.map(part)) : null,
    view.said.map((each) => el("p", {}, each)),
    view.other ? el("p", { class: "al-other" }, view.other) : null,
  );
}

function part(each) {
  if (!each.label) return document.createTextNode(each.words);
  const kind = each.harm ? "al-mark al-mark-harm" : "al-mark";
  return el("span", { class: kind }, el("mark", {}, each.words), el("span", { class: "al-mark-label" }, ` [${each.label}]`));
}
