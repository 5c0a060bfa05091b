import { el, safe } from "./dom.js";

// In JupyterLab an address beside the notebook opens nothing, so the link there leads to the same server's page for that
// notebook, in a tab of its own. Elsewhere (a web page, the classic notebook page) a relative address is right as it is.
// Where a notebook lies is told by the title of its tab alone: the page's own address follows the list of files.
function labAddress(href, node) {
  const data = document.getElementById("jupyter-config-data");
  const base = (data && JSON.parse(data.textContent).baseUrl) || "/";
  const panel = node.closest(".jp-NotebookPanel");
  const tab = panel && document.querySelector(`.lm-TabBar-tab[data-id="${CSS.escape(panel.id)}"]`);
  const told = tab ? [...tab.title.matchAll(/[:：]\s*(.+\.ipynb)\s*$/gm)].map((found) => found[1]) : [];
  const path = told.reduce((longest, each) => (each.length > longest.length ? each : longest), "") || "modules/home.ipynb";
  const escaped = path.split("/").map(encodeURIComponent).join("/");
  return new URL(href, `${location.origin}${base}lab/tree/${escaped}`).pathname;
}

function inLab() {
  return /\/lab(\/|$)/.test(location.pathname) && Boolean(document.querySelector(".jp-LabShell"));
}

/** Make a link to a page of the course, wherever this one is shown. `newTab` says that it opens in a tab of its own. */
export function courseLink(href, text, newTab) {
  if (!safe(href)) return el("span", {}, text);
  if (!inLab()) return el("a", { href }, text);
  const anchor = el("a", { href, target: "_blank", rel: "noopener" }, `${text} ${newTab}`);
  const refresh = () => anchor.setAttribute("href", labAddress(href, anchor));
  requestAnimationFrame(refresh);
  anchor.addEventListener("pointerdown", refresh);
  anchor.addEventListener("focus", refresh);
  return anchor;
}
