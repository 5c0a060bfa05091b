import { autosave, connect, countWords, download, el, fill, frame, grow, paragraphs, say, unique } from "./dom.js";
import { sharing } from "./share.js";

function render({ model, el: place }) {
  const view = model.get("view");
  const words = view.words;
  const title = unique("title");
  const id = unique("text");
  const reads = unique("reads");
  const newerTitle = unique("newer");
  const root = frame(place, view, "reflection");
  root.setAttribute("role", "region");
  root.setAttribute("aria-labelledby", title);
  const note = el("p", { class: "al-status", role: "status", hidden: true });
  const line = connect(model, note, words);
  const trouble = el("p", { class: "al-trouble", role: "alert", hidden: !view.trouble }, view.trouble);
  const reader = el("p", { id: reads, class: "al-reads" }, view.who_reads);
  const status = el("p", { role: "status", class: "al-saved" });
  const count = el("p", { class: "al-count" });
  const area = el("textarea", { id, rows: 8, maxlength: 20000, spellcheck: "true", "aria-describedby": reads });
  const other = el("details", { class: "al-other" }, el("summary", {}, words.other_switch), el("div", {}, paragraphs(view.other)));
  const newerText = el("div", { class: "al-own" });
  const use = el("button", { type: "button", class: "al-plain", on: { click: useNewer } }, words.newer_use);
  const beside = el(
    "section",
    { class: "al-shown al-newer", hidden: true, "aria-labelledby": newerTitle },
    el("h4", { id: newerTitle }, words.newer_title),
    newerText,
    el("p", { class: "al-row" }, use),
  );
  let quiet = null;
  let cleared = "";
  let writes = 0;
  let waiting = 0; // writes that are not answered yet
  let seen = view.changed; // how often the words had been changed when this page last had them whole
  let settled = view.text; // the words as they were then
  let newer = null; // what another window wrote since, shown beside
  let keeps = view.keeps;

  function keep() {
    if (!keeps) return; // not even sent: on a shared website the words stay in this page
    say(status, "");
    clearTimeout(quiet); // "saved" is said of the last words alone
    const mine = (writes += 1);
    const text = area.value;
    waiting += 1;
    line.send({ do: "write", text, other: other.open, seen }, (told) => {
      waiting -= 1;
      seen = told.seen ?? seen;
      if (told.saved) settled = text;
      if (mine !== writes || (told.newer && meet(told.newer))) return;
      if (told.trouble) {
        tell(told.trouble);
        return;
      }
      beside.hidden = trouble.hidden = true;
      quiet = setTimeout(() => say(status, words.saved), 1200);
    });
  }

  function tell(sentence) {
    trouble.hidden = false;
    say(trouble, sentence);
  }

  // Another window may have changed the words while nobody looked at this one.
  function look() {
    if (!keeps || waiting || document.visibilityState === "hidden") return;
    const nowhere = el("p"); // nobody waits for the answer, so none is missed
    line.send({ do: "look", seen }, (told) => !waiting && told.newer && meet(told.newer), nowhere);
  }

  // Takes in what another window wrote, where nothing would be lost here; else shows it beside. Says whether it is taken.
  function meet(found) {
    if (found.seen === seen) return true;
    const known = found.text === area.value;
    if (known || area.value === settled) {
      take(found);
      if (!known) say(status, words.newer_here);
      return true;
    }
    saver.flush(); // the answer says that the words here are kept beside the newer ones
    newer = found;
    say(newerText, found.text);
    beside.hidden = false;
    return false;
  }

  function take(found) {
    clearTimeout(quiet);
    seen = found.seen;
    settled = area.value = found.text;
    view.about_other = other.open = found.other && view.other.length > 0;
    beside.hidden = trouble.hidden = true;
    line.send({ do: "took", seen });
    counted();
    fit();
  }

  function useNewer() {
    saver.flush();
    take(newer);
    say(status, words.newer_used);
    area.focus();
  }

  // A return code was taken, or left, in another window: whether words are kept here is another matter now.
  function moved() {
    const now = model.get("view");
    say(reader, now.who_reads);
    if (now.keeps === keeps) return;
    keeps = now.keeps;
    if (!keeps) return;
    seen = 0; // what is here was written without knowing what is kept there, so it never takes the place of that
    settled = "";
    if (area.value) keep();
    else if (now.text) meet({ text: now.text, other: now.about_other, seen: now.changed });
  }

  function counted() {
    say(count, fill(words.word_count, { count: countWords(area.value) }));
    share.update();
  }

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
  other.open = view.about_other && view.other.length > 0;
  const read = () => ({ text: area.value, other: other.open });
  const share = sharing({ model, line, words, title: view.title, read });
  area.addEventListener("input", counted);
  counted();
  const fit = grow(area);
  other.addEventListener("toggle", () => {
    if (other.open !== view.about_other) keep();
    view.about_other = other.open;
    share.update();
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
    reader,
    trouble,
    el("label", { for: id }, words.label),
    area,
    el("div", { class: "al-bar" }, count, status),
    beside,
    el(
      "p",
      { class: "al-row" },
      el("button", { type: "button", class: "al-plain", on: { click: save } }, words.save_file),
      el("button", { type: "button", class: "al-quiet", on: { click: clear } }, words.clear),
      back,
    ),
    share.node,
    note,
  );
  model.on("change:view", share.update);
  model.on("change:view", moved);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
  return () => {
    model.off("change:view", share.update);
    model.off("change:view", moved);
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("focus", look);
    saver.close();
    line.close();
  };
}

export default { render };
