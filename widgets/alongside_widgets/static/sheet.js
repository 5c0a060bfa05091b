import { el } from "./dom.js";

const GRACE = 1000; // milliseconds after the dialog for printing has closed

/** Print something alone: a page of its own holds it, so that what stands around it stays out, in JupyterLab as well. */
export function printAlone(title, lang, content) {
  const sheet = el("iframe", { title, class: "al-hidden", "aria-hidden": "true", tabindex: "-1" });
  let begun = false; // some browsers load an empty page twice
  sheet.addEventListener("load", () => {
    if (begun) return;
    begun = true;
    const paper = sheet.contentDocument;
    paper.documentElement.lang = lang;
    paper.title = title;
    paper.body.style.cssText = "font: 12pt/1.5 Georgia, serif; max-width: 65ch; margin: 1cm auto; overflow-wrap: anywhere;";
    const heading = el("h1", {}, title);
    heading.style.cssText = "font-size: 18pt;";
    paper.body.append(heading, ...content);
    for (const each of paper.body.querySelectorAll(".al-written")) each.style.cssText = "white-space: pre-wrap;";
    for (const each of paper.body.querySelectorAll("h2, h3")) each.style.cssText = "break-after: avoid;";
    sheet.contentWindow.addEventListener("afterprint", () => setTimeout(() => sheet.remove(), GRACE));
    sheet.contentWindow.focus();
    sheet.contentWindow.print();
  });
  document.body.append(sheet);
}
