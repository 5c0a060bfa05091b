import { connect, el, fill, frame, KEPT, onDay } from "./dom.js";
import { link } from "./links.js";

const PAUSE = 1500; // milliseconds, so that a row of answers is one look

function done(each) {
  return el(
    "p",
    { class: "al-done" },
    el("progress", { max: each.total, value: each.done, "aria-label": each.label }, each.said),
    el("span", {}, each.said),
  );
}

function row(each, view) {
  const { words } = view;
  if (each.broken) return el("li", {}, el("h2", {}, each.title), el("p", { role: "note" }, each.broken));
  const node = el(
    "li",
    {},
    el("h2", {}, link(each.href, each.title, view.new_tab)),
    each.minutes ? el("p", { class: "al-facts" }, each.minutes) : null,
    each.note ? el("p", { class: "al-content-note" }, el("strong", {}, words.content_note), " ", each.note) : null,
  );
  if (each.total) node.append(done(each));
  if (each.quiz) {
    const { quiz } = each;
    const said = quiz.made ? fill(quiz.said, { day: onDay(quiz.made, view.lang, { year: "numeric" }) }) : quiz.said;
    node.append(el("p", { class: "al-quiz-link" }, link(quiz.href, quiz.words, view.new_tab), " ", said && el("span", { class: "al-due" }, said)));
  }
  return node;
}

function render({ model, el: place }) {
  const view = model.get("view");
  const root = frame(place, view, "progress");
  const note = el("p", { hidden: true });
  const line = connect(model, note, { lost: "" }, null);
  // Inside a lesson it is one line: the page around it has the title, the minutes and the rest.
  const list = view.one ? el("div") : el("ol", { class: "al-lessons", "aria-label": view.words.title });
  const draw = () => {
    const now = model.get("view");
    list.replaceChildren(...now.modules.map((each) => (view.one ? done(each) : row(each, now))));
  };
  draw();
  root.append(list, view.note && !view.one ? el("p", { class: "al-reads" }, view.note) : "");
  let soon = null;
  const look = () => line.send({ do: "look" });
  const kept = () => {
    clearTimeout(soon);
    soon = setTimeout(look, PAUSE);
  };
  const back = (event) => event.persisted && look(); // from a lesson, to a page that the browser had put aside
  window.addEventListener("pageshow", back);
  document.addEventListener(KEPT, kept);
  model.on("change:view", draw);
  return () => {
    clearTimeout(soon);
    window.removeEventListener("pageshow", back);
    document.removeEventListener(KEPT, kept);
    model.off("change:view", draw);
    line.close();
  };
}

export default { render };
