import { autosave, connect, countWords, download, el, fill, frame, grow, paragraphs, say, unique } from "./dom.js";

function render({ model, el: place }) {
  const view = model.get("view");
  const words = view.words;
  const title = unique("title");
  const id = unique("text");
  const reads = unique("reads");
  const root = frame(place, view, "reflection");
  root.setAttribute("role", "region");
  root.setAttribute("aria-labelledby", title);
  const note = el("p", { class: "al-status", role: "status", hidden: true });
  const line = connect(model, note, words);
  const trouble = el("p", { class: "al-trouble", role: "alert", hidden: !view.trouble }, view.trouble);
  const status = el("p", { role: "status", class: "al-saved" });
  const count = el("p", { class: "al-count" });
  const area = el("textarea", { id, rows: 8, maxlength: 20000, spellcheck: "true", "aria-describedby": reads });
  const other = el("details", { class: "al-other" }, el("summary", {}, words.other_switch), el("div", {}, paragraphs(view.other)));
  let quiet = null;
  let cleared = "";
  let writes = 0;
  let seen = view.changed; // how often the words had been changed when this page last had them whole

  function keep() {
    if (!view.keeps) return; // not even sent: on a shared website the words stay in this page
    say(status, "");
    clearTimeout(quiet); // "saved" is said of the last words alone
    const mine = (writes += 1);
    line.send({ do: "write", text: area.value, other: other.open, seen }, (told) => {
      seen = told.seen ?? seen;
      if (mine !== writes) return;
      if (told.trouble) {
        trouble.hidden = false;
        say(trouble, told.trouble);
        return;
      }
      trouble.hidden = true;
      quiet = setTimeout(() => say(status, words.saved), 1200);
    });
  }

  const counted = () => say(count, fill(words.word_count, { count: countWords(area.value) }));
  const saver = autosave(area, keep);

  function change(text) {
    area.value = text;
    area.dispatchEvent(new Event("input"));
    saver.flush();
  }

  function clear() {
    if (!area.value) return;
    cleared = area.value;
    change("");
    back.hidden = false;
    clearTimeout(quiet);
    say(status, words.cleared);
    back.focus();
  }

  function putBack() {
    change(cleared);
    back.hidden = true;
    area.focus();
  }

  function save() {
    const text = [view.title, "", ...view.prompt, ...view.guide.map((each) => `- ${each}`), "", area.value, ""].join("\n");
    download(view.filename, [text], "text/plain;charset=utf-8");
    clearTimeout(quiet);
    say(status, fill(words.file_ready, { filename: view.filename }));
  }

  const back = el("button", { type: "button", class: "al-plain", hidden: true, on: { click: putBack } }, words.put_back);
  area.value = view.text;
  area.addEventListener("input", counted);
  counted();
  grow(area);
  other.open = view.about_other && view.other.length > 0;
  other.addEventListener("toggle", () => {
    if (other.open !== view.about_other) keep();
    view.about_other = other.open;
  });

  root.append(
    el(
      "div",
      { class: "al-head" },
      el("p", { class: "al-kind" }, words.kind),
      el("h3", { id: title }, view.title),
      ...paragraphs(view.prompt),
      view.guide.length ? el("div", { class: "al-guide" }, el("p", {}, words.guide), el("ul", {}, view.guide.map((each) => el("li", {}, each)))) : null,
    ),
    view.other.length ? other : "",
    el("p", { id: reads, class: "al-reads" }, view.who_reads),
    trouble,
    el("label", { for: id }, words.label),
    area,
    el("div", { class: "al-bar" }, count, status),
    el(
      "p",
      { class: "al-row" },
      el("button", { type: "button", class: "al-plain", on: { click: save } }, words.save_file),
      el("button", { type: "button", class: "al-quiet", on: { click: clear } }, words.clear),
      back,
    ),
    note,
  );
  return () => {
    saver.close();
    line.close();
  };
}

export default { render };
