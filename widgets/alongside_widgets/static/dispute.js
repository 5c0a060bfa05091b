import { el, fill, say } from "./dom.js";

/**
 * Draw, for each part that the coach marked, a way to say that one hears it another way. The first press opens the list
 * of deeds, the second keeps the part as one of them: `keep(part, deed, answered)` asks the course to.
 */
export function disputes(parts, view, keep) {
  const marked = parts.filter((part) => part.label);
  if (!marked.length) return "";
  const list = marked.map((part) => el("li", {}, one(part, view, keep)));
  return el("div", { class: "al-disputes" }, el("p", { class: "al-label" }, view.words.parts), el("ul", {}, list));
}

function one(part, view, keep) {
  const { words } = view;
  const heard = el("span", { class: "al-quote" }, `“${part.words.trim()}”`);
  const label = el("span", { class: "al-mark-label" }, ` [${part.label}] `);
  const told = el("p", { role: "status", class: "al-dispute-told" });
  const name = fill(words.other_name, { words: part.words.trim() });
  const open = el("button", { type: "button", class: "al-quiet", "aria-expanded": "false", "aria-label": name, on: { click: toggle } }, words.other);
  const list = el("div", { class: "al-deeds", hidden: true });

  function toggle() {
    const opens = list.hidden;
    if (opens && !list.children.length) list.append(...(view.keeps ? choices() : [el("p", { class: "al-how" }, words.keeps_not)]));
    list.hidden = !opens;
    open.setAttribute("aria-expanded", String(opens));
    if (opens) say(told, "");
  }

  function choices() {
    const buttons = view.deeds.map((deed) => el("button", { type: "button", class: "al-plain", on: { click: () => choose(deed) } }, deed.label));
    return [
      el("p", { class: "al-how" }, `${words.keeps} ${view.who_reads}`),
      el("div", { role: "group", "aria-label": words.which },
        el("p", { class: "al-label" }, words.which),
        el("div", { class: "al-row" }, buttons)),
      el("p", {}, el("button", { type: "button", class: "al-quiet", on: { click: leave } }, words.leave)),
    ];
  }

  function leave() {
    toggle();
    open.focus();
  }

  function choose(deed) {
    keep(part, deed.name, (answer) => {
      if (answer.kept) {
        list.hidden = true;
        open.setAttribute("aria-expanded", "false");
        open.focus();
      }
      say(told, answer.kept || answer.trouble || "");
    });
  }

  return [el("p", {}, heard, label, open), list, told];
}
