import { connect, el, frame, safe, unique } from "./dom.js";

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

function row(each, view) {
  const { words } = view;
  if (each.broken) return el("li", {}, el("h2", {}, each.title), el("p", { role: "note" }, each.broken));
  const id = unique("done");
  const node = el(
    "li",
    {},
    el("h2", {}, link(each.href, each.title, view.new_tab)),
    each.minutes ? el("p", { class: "al-facts" }, each.minutes) : null,
    each.note ? el("p", { class: "al-content-note" }, el("strong", {}, words.content_note), " ", each.note) : null,
  );
  if (each.total) {
    node.append(
      el(
        "p",
        { class: "al-done" },
        el("progress", { id, max: each.total, value: each.done, "aria-label": each.label }, each.said),
        el("span", {}, each.said),
      ),
    );
  }
  if (each.quiz) {
    node.append(el("p", { class: "al-quiz-link" }, link(each.quiz.href, each.quiz.words, view.new_tab), each.quiz.said ? ` ${each.quiz.said}` : ""));
  }
  return node;
}

function render({ model, el: place }) {
  const view = model.get("view");
  const root = frame(place, view, "progress");
  const note = el("p", { hidden: true });
  const line = connect(model, note, { lost: "" });
  const list = el("ol", { class: "al-lessons", "aria-label": view.words.title });
  const draw = () => {
    const now = model.get("view");
    list.replaceChildren(...now.modules.map((each) => row(each, now)));
  };
  draw();
  root.append(list, view.note ? el("p", { class: "al-reads" }, view.note) : "");
  const look = (event) => {
    if (event.persisted) line.send({ do: "look" }); // back from a lesson, on a page that the browser had put aside
  };
  window.addEventListener("pageshow", look);
  model.on("change:view", draw);
  return () => {
    window.removeEventListener("pageshow", look);
    model.off("change:view", draw);
    line.close();
  };
}

export default { render };
