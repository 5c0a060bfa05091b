import { el, safe } from "./dom.js";

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

/** Make a link to another page of the course, given as an address beside this one's. */
export function link(href, text, newTab) {
  if (!safe(href)) return text;
  if (!isLab()) return el("a", { href }, text);
  const anchor = el("a", { href, target: "_blank", rel: "noopener" }, `${text} ${newTab}`);
  const refresh = () => anchor.setAttribute("href", inLab(href, anchor));
  requestAnimationFrame(refresh);
  anchor.addEventListener("pointerdown", refresh);
  anchor.addEventListener("focus", refresh);
  return anchor;
}
