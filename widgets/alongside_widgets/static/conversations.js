import { connect, download, el, fill, frame, say } from "./dom.js";
import { link } from "./links.js";
import { lookAgain } from "./looking.js";

function render({ model, el: place }) {
  let view = model.get("view");
  const { words } = view;
  const root = frame(place, view, "conversations");
  root.setAttribute("role", "region");
  root.setAttribute("aria-label", words.conversations_title);
  const note = el("p", { class: "al-status", role: "status", hidden: true });
  const line = connect(model, note, words, null);
  const trouble = el("p", { class: "al-trouble", role: "status" });
  const nothing = el("p", { class: "al-nothing" });
  const list = el("div", { class: "al-parts" });
  const open = new Set(); // the talks whose words are shown

  function row(each) {
    return el(
      "article",
      { class: "al-entry" },
      el("h3", {}, each.title),
      el("p", { class: "al-facts" }, each.about),
      ...each.where.map((text) => el("p", { class: "al-where" }, text)),
      each.note ? el("p", { class: "al-how" }, each.note) : null,
      ...each.talks.map((talk) => read(each, talk)),
      each.link ? el("p", { class: "al-way" }, link(each.link.href, each.link.words, view.new_tab)) : null,
    );
  }

  function read(each, talk) {
    const body = el("div");
    const key = `${each.name}/${talk.id}`;
    const node = el("details", {}, el("summary", {}, talk.words), body);
    node.addEventListener("toggle", () => {
      if (!node.open) {
        open.delete(key);
        body.replaceChildren();
        return;
      }
      open.add(key);
      line.send({ do: "read", name: each.name, talk: talk.id }, (told) => {
        if (!told.trouble && node.open) body.replaceChildren(...transcript(each, told));
        else if (told.trouble) tell(told.trouble);
      });
    });
    node.open = open.has(key);
    return node;
  }

  function transcript(each, told) {
    const done = el("p", { role: "status" });
    const save = () => {
      download(told.filename, [told.text], "text/plain;charset=utf-8");
      say(done, fill(words.file_ready, { filename: told.filename }));
    };
    const name = `${words.save_transcript}: ${each.title}`;
    return [
      told.note ? el("p", { class: "al-how" }, told.note) : "",
      el("p", { class: "al-written" }, told.text.trim()),
      el("p", { class: "al-row" }, el("button", { type: "button", class: "al-plain", "aria-label": name, on: { click: save } }, words.save_transcript)),
      done,
    ];
  }

  function tell(sentence) {
    trouble.hidden = !sentence;
    say(trouble, sentence);
  }

  function draw() {
    view = model.get("view");
    list.replaceChildren(...view.rows.map(row));
    nothing.hidden = !view.nothing;
    say(nothing, view.nothing);
    tell(view.trouble);
  }

  const stop = lookAgain(() => line.send({ do: "look" }));
  root.append(trouble, nothing, list, note);
  draw();
  model.on("change:view", draw);
  return () => {
    stop();
    model.off("change:view", draw);
    line.close();
  };
}

export default { render };
