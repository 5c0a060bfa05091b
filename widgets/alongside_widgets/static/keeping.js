import { connect, download, el, fill, frame, KEPT, paragraphs, say, unique } from "./dom.js";
import { DELETED } from "./looking.js";

const PIECE = 300000; // bytes of a file in one message, which carries them as a third more letters

function render({ model, el: place }) {
  const view = model.get("view");
  const { words } = view;
  const root = frame(place, view, "keeping");
  const note = el("p", { class: "al-status", role: "status", hidden: true });
  const line = connect(model, note, words, null);
  const trouble = view.trouble ? el("p", { class: "al-trouble", role: "status" }, view.trouble) : "";
  let bring = null;

  // Also when everything was deleted: a file that is on its way then, or words in a field, are not wanted any more.
  function draw() {
    if (bring) bring.stop("");
    bring = bringing(line, view, words);
    root.replaceChildren(trouble, saving(line, words), bring.node, exporting(line, words), note);
  }

  draw();
  document.addEventListener(DELETED, draw);
  return () => {
    document.removeEventListener(DELETED, draw);
    line.close();
  };
}

function section(title, ...content) {
  const heading = unique("title");
  return el("section", { "aria-labelledby": heading, class: "al-way-out" }, el("h3", { id: heading }, title), ...content);
}

function press(words, click, kind = "al-plain") {
  return el("button", { type: "button", class: kind, on: { click } }, words);
}

function outcome() {
  const wrong = el("p", { class: "al-needed", role: "alert" });
  const done = el("div", { class: "al-outcome", role: "status" });
  return {
    wrong,
    done,
    clear() {
      say(wrong, "");
      done.replaceChildren();
    },
  };
}

/** A field for words that nobody else should read over one's shoulder. */
function secret(label, told, more) {
  const id = unique("secret");
  const field = el("input", { id, type: "password", autocomplete: "off", autocapitalize: "none", spellcheck: "false", maxlength: 500, "aria-describedby": told });
  return { field, node: el("div", { class: "al-secret" }, el("label", { for: id }, label), field, more) };
}

// There is no form around the field, or the browser would offer to remember the words.
function onEnter(field, go) {
  field.addEventListener("keydown", (event) => event.key === "Enter" && go());
}

function shower(words, ...fields) {
  const box = el("input", { type: "checkbox" });
  box.addEventListener("change", () => {
    for (const field of fields) field.type = box.checked ? "text" : "password";
  });
  return { box, node: el("label", { class: "al-check" }, box, el("span", {}, words)) };
}

function saving(line, words) {
  const told = outcome();
  const wrongId = unique("wrong");
  told.wrong.id = wrongId;
  const first = secret(words.lock_words, wrongId);
  const again = secret(words.lock_again, wrongId);
  const show = shower(words.lock_show, first.field, again.field);
  show.box.addEventListener("change", () => {
    again.node.hidden = show.box.checked; // who sees the words needs to type them once only
  });
  const lock = el("details", {}, el("summary", {}, words.lock_title), el("p", { class: "al-how" }, words.lock_help), first.node, again.node, show.node);

  for (const { field } of [first, again]) onEnter(field, save);

  function refuse(sentence, field) {
    say(told.wrong, sentence);
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }

  function save() {
    told.clear();
    for (const { field } of [first, again]) field.removeAttribute("aria-invalid");
    const chosen = lock.open ? first.field.value.trim() : "";
    if (lock.open && !chosen) {
      refuse(words.lock_empty, first.field);
      return;
    }
    if (lock.open && !show.box.checked && again.field.value.trim() !== chosen) {
      refuse(words.lock_differ, again.field);
      return;
    }
    told.done.replaceChildren(el("p", {}, words.save_making));
    line.send({ do: "save", words: chosen }, (answer, buffers) => finish(answer, buffers, told));
  }

  return section(words.save_title, el("p", {}, words.save_intro), lock, told.wrong, el("p", { class: "al-row" }, press(words.save_button, save, "al-main")), told.done);
}

function finish(answer, buffers, told) {
  told.done.replaceChildren();
  if (answer.trouble) {
    say(told.wrong, answer.trouble);
    return;
  }
  download(answer.file.name, [buffers[0]], answer.file.type);
  told.done.replaceChildren(...paragraphs(answer.file.said));
}

function bringing(line, view, words) {
  const told = outcome();
  const wrongId = unique("wrong");
  told.wrong.id = wrongId;
  const id = unique("file");
  const input = el("input", { id, type: "file", accept: ".json,application/json", "aria-describedby": wrongId });
  const bar = el("progress", { max: 100, value: 0, "aria-label": words.bring_bar, hidden: true });
  const how = el("p", { class: "al-how", role: "status" });
  const opener = secret(words.bring_words, wrongId);
  const show = shower(words.lock_show, opener.field);
  opener.node.append(show.node);
  opener.node.hidden = true;
  let going = null; // the file that is on its way

  function stop(sentence) {
    going = null;
    bar.hidden = true;
    say(how, "");
    if (sentence) say(told.wrong, sentence);
  }

  function hear(mine, answer) {
    if (going !== mine) return; // another file was chosen meanwhile
    if (answer.next !== undefined) {
      piece(mine, answer.next);
      return;
    }
    stop(answer.trouble || "");
    if (answer.locked) {
      opener.node.hidden = false;
      opener.field.focus();
      opener.field.setAttribute("aria-invalid", opener.field.value ? "true" : "false");
    }
    if (answer.found) {
      told.done.replaceChildren(...paragraphs(answer.found));
      opener.field.value = "";
      opener.node.hidden = true;
      document.dispatchEvent(new Event(KEPT));
    }
  }

  // What comes next is said by the other side, so that nothing is missing after a line that was lost.
  function piece(mine, start) {
    const { file, name } = mine;
    const percent = Math.floor((100 * start) / Math.max(file.size, 1));
    bar.hidden = false;
    bar.value = percent;
    say(how, fill(words.bring_reading, { percent: percent - (percent % 10) })); // in tens, so that it is said ten times
    const reader = new FileReader();
    reader.addEventListener("error", () => going === mine && stop(words.bring_unread));
    reader.addEventListener("load", () => {
      if (going !== mine) return;
      const data = String(reader.result).split(",")[1] || "";
      line.send({ do: "piece", file: name, at: start, data }, (answer) => {
        if (going !== mine) return;
        if (answer.trouble) stop(answer.trouble);
        else if (answer.next < file.size) piece(mine, answer.next);
        else ask(mine);
      });
    });
    reader.readAsDataURL(file.slice(start, start + PIECE));
  }

  function ask(mine) {
    say(how, words.bring_opening);
    line.send({ do: "bring", file: mine.name, at: mine.file.size, words: opener.field.value }, (answer) => hear(mine, answer));
  }

  onEnter(opener.field, bring);

  function bring() {
    told.clear();
    opener.field.removeAttribute("aria-invalid");
    const file = input.files[0];
    if (!file) {
      say(told.wrong, words.bring_choose);
      input.focus();
      return;
    }
    if (file.size > view.limit) {
      say(told.wrong, view.too_large);
      return;
    }
    input.dataset.name = input.dataset.name || unique("file");
    going = { file, name: input.dataset.name };
    ask(going);
  }

  input.addEventListener("change", () => {
    delete input.dataset.name;
    going = null;
    told.clear();
    stop("");
    opener.field.value = "";
    opener.node.hidden = true;
  });
  const node = section(
    words.bring_title,
    el("p", {}, words.bring_intro),
    el("label", { for: id }, words.bring_file),
    input,
    opener.node,
    told.wrong,
    el("p", { class: "al-row" }, press(words.bring_button, bring, "al-main")),
    bar,
    how,
    told.done,
  );
  return { node, stop };
}

function exporting(line, words) {
  const told = outcome();
  const save = (kind) => () => {
    told.clear();
    line.send({ do: "export", as: kind }, (answer, buffers) => finish(answer, buffers, told));
  };
  return section(
    words.export_title,
    el("p", {}, words.export_intro),
    el("p", { class: "al-row" }, press(words.export_page, save("html")), press(words.export_text, save("txt"))),
    told.wrong,
    told.done,
  );
}

export default { render };
