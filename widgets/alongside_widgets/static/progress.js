import { connect, el, frame, KEPT, safe } from "./dom.js";

// In JupyterLab an address beside the notebook opens nothing, so the link there leads to the same server's page for that
// notebook, in a tab of its own. Elsewhere (a web page, the classic notebook page) a relative address is right as it is.
// Where a notebook lies is told by the title of its tab alone: the page's own address follows the list of files.
function inLab(href, node) {
  const data = document.getElementById("jupyter-config-data");
  const base = (data && JSON.parse(data.textContent).baseUrl) || "/";
  const here = `${location.origin}${base}lab/tree/`;
  const panel = node.closest(".jp-NotebookPanel");
  const tab = panel && document.querySelector(`.lm-TabBar-tab[data-id="${CSS.escape(panel.id)}"]`);
  const told = tab ? [...tab.title.matchAll(/[:：]\s*(.+\.ipynb)\s*$/gm)].map((found) => found[1]) : [];
  const path = told.reduce((longest, each) => (each.length > longest.length ? each : longest), "") || "modules/home.ipynb";
  const escaped = path.split("/").map(encodeURIComponent).join("/");
  return new URL(href, `${here}${escaped}`).pathname;
}

function isLab() {
  return /\/lab(\/|$)/.test(location.pathname) && Boolean(document.querySelector(".jp-LabShell"));
}

function link(href, text, newTab) {
  if (!safe(href)) return text;
  if (!isLab()) return el("a", { href }, text);
  const anchor = el("a", { href, target: "_blank", rel: "noopener" }, `${text} ${newTab}`);
  const refresh = () => anchor.setAttribute("href", inLab(href, anchor));
  requestAnimationFrame(refresh);
  anchor.addEventListener("pointerdown", refresh);
  anchor.addEventListener("focus", refresh);
  return anchor;
}

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
    node.append(el("p", { class: "al-quiz-link" }, link(each.quiz.href, each.quiz.words, view.new_tab), each.quiz.said ? ` ${each.quiz.said}` : ""));
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
