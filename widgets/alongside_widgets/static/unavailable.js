import { el, frame } from "./dom.js";

function render({ model, el: place }) {
  const view = model.get("view");
  const root = frame(place, view, "unavailable");
  root.append(el("div", { role: "note", class: "al-note" }, el("p", {}, view.sentence), el("p", {}, view.rest)));
}

export default { render };
