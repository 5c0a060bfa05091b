import { el, frame } from "./dom.js";

function render({ model, el: place }) {
  const view = model.get("view");
  const root = frame(place, view, "dated");
  const rows = view.rows.map((row) => el("li", {}, row));
  root.append(el("div", { role: "note", class: "al-note" }, el("p", {}, el("strong", {}, view.title)), el("ul", {}, ...rows), el("p", {}, view.next)));
}

export default { render };
