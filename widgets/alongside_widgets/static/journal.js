import { connect, el, frame, paragraphs, say } from "./dom.js";
import { link } from "./links.js";
import { lookAgain } from "./looking.js";
import { printAlone } from "./sheet.js";

function render({ model, el: place }) {
  let view = model.get("view");
  const { words } = view;
  const root = frame(place, view, "journal");
  root.setAttribute("role", "region");
  root.setAttribute("aria-label", words.journal_title);
  const note = el("p", { class: "al-status", role: "status", hidden: true });
  const line = connect(model, note, words, null);
  const trouble = el("p", { class: "al-trouble", role: "status" });
  const nothing = el("p", { class: "al-nothing" });
  const list = el("div", { class: "al-parts" });
  const print = el("p", { class: "al-row" }, el("button", { type: "button", class: "al-plain", on: { click: printAll } }, words.print_journal));
  const parts = new Map(); // what stands on the page, by module

  function part(chapter) {
    const body = el("div", { class: "al-entries" });
    const name = el("span", { class: "al-name" });
    const count = el("span", { class: "al-count" });
    const node = el("details", { class: "al-part-of-work" }, el("summary", {}, name, " ", count), body);
    const made = { node, body, name, count };
    node.addEventListener("toggle", () => (node.open ? fill(chapter.module, made) : body.replaceChildren()));
    return made;
  }

  // Words come when a part is opened, and go when it is closed.
  function fill(module, made) {
    line.send({ do: "open", module }, (told) => {
      if (told.trouble) tell(told.trouble);
      else if (made.node.open) made.body.replaceChildren(...told.chapters.flatMap((each) => each.entries.map(entry)));
    });
  }

  function entry(each) {
    return el(
      "article",
      { class: "al-entry" },
      el("h3", {}, each.title),
      ...each.prompt.map((text) => el("p", { class: "al-how" }, text)),
      written(each),
      ...each.notes.map((text) => el("p", { class: "al-how" }, text)),
      each.shared ? shared(each.shared) : null,
      each.older.length ? el("details", {}, el("summary", {}, each.older_said), ...each.older.map(written)) : null,
      each.link ? el("p", { class: "al-way" }, link(each.link.href, each.link.words, view.new_tab)) : null,
    );
  }

  function written({ text, facts }) {
    const said = facts.length ? el("p", { class: "al-facts" }, facts.join(" · ")) : null;
    return el("div", {}, said, text ? el("p", { class: "al-written" }, text) : null);
  }

  function shared({ facts, text }) {
    const said = el("p", { class: "al-facts" }, facts.join(" · "));
    return text ? el("details", {}, el("summary", {}, facts.join(" · ")), el("p", { class: "al-written" }, text)) : said;
  }

  function printAll() {
    line.send({ do: "all" }, (told) => {
      if (told.trouble) {
        tell(told.trouble);
        return;
      }
      const content = told.chapters.flatMap((chapter) => [
        el("h2", {}, chapter.title),
        ...chapter.entries.flatMap((each) => [
          el("h3", {}, each.title),
          ...paragraphs(each.prompt),
          each.facts.length ? el("p", {}, el("em", {}, each.facts.join(" · "))) : "",
          each.text ? el("p", { class: "al-written" }, each.text) : el("p", {}, each.notes.join(" ")),
          each.shared ? el("p", {}, el("em", {}, each.shared.facts.join(" · "))) : "",
          each.shared && each.shared.text ? el("p", { class: "al-written" }, each.shared.text) : "",
        ]),
      ]);
      printAlone(words.journal_title, view.lang, content);
    });
  }

  function tell(sentence) {
    trouble.hidden = !sentence;
    say(trouble, sentence);
  }

  function draw() {
    view = model.get("view");
    const names = view.chapters.map((each) => each.module);
    for (const name of [...parts.keys()].filter((each) => !names.includes(each))) parts.delete(name);
    for (const chapter of view.chapters) {
      if (!parts.has(chapter.module)) parts.set(chapter.module, part(chapter));
      say(parts.get(chapter.module).name, chapter.title);
      say(parts.get(chapter.module).count, chapter.count);
    }
    const wanted = names.map((name) => parts.get(name).node);
    if (wanted.length !== list.children.length || wanted.some((node, n) => list.children[n] !== node)) list.replaceChildren(...wanted);
    print.hidden = !names.length;
    nothing.hidden = !view.nothing;
    say(nothing, view.nothing);
    tell(view.trouble);
  }

  const look = () =>
    line.send({ do: "look" }, () => {
      for (const [module, made] of parts) if (made.node.open) fill(module, made);
    });
  root.append(trouble, nothing, list, print, note);
  draw();
  model.on("change:view", draw);
  const stop = lookAgain(look);
  return () => {
    stop();
    model.off("change:view", draw);
    line.close();
  };
}

export default { render };
