import { autosave, connect, el, fill, frame, say } from "./dom.js";

// The page for marking written answers.

const PAUSE = 400; // milliseconds from a key in the comment until it is saved

/** Say something in a place that is only there when it says something. */
function tell(place, words) {
  place.hidden = !words;
  say(place, words);
}

function render({ model, el: place }) {
  const view = model.get("view");
  const words = view.words;
  const id = (name) => `rb-${name}`;
  let question = view.questions[0];
  let at = 0;
  let now = null; // the answer on the page, or null while one is being fetched
  let comments = view.comments;
  let useKeys = true;

  const root = frame(place, view, "rubric");
  document.title = `${words.title}: ${view.title}`;

  const trouble = el("p", { class: "al-trouble", role: "alert", hidden: true });
  const status = el("p", { class: "rb-faint", role: "status" });
  const line = connect(model, trouble, words);

  const which = el(
    "select",
    { id: id("which"), on: { change: () => leave(() => show(view.questions[which.selectedIndex])) } },
    view.questions.map((each) => el("option", {}, each.title)),
  );
  const asked = el("section", { class: "rb-panel", "aria-labelledby": id("asked") });
  const skip = el("input", { type: "checkbox", id: id("skip") });
  const counted = el("p", { class: "rb-faint" });
  const heading = el("h2", { id: id("answer"), tabindex: "-1" });
  const again = el("p", { class: "al-trouble", hidden: true });
  const noticeWords = el("p", {});
  const over = el("button", { type: "button", on: { click: () => save(true) } }, words.over);
  const notice = el("div", { class: "al-trouble", hidden: true }, noticeWords, over);
  const text = el("div", { class: "rb-text", dir: "auto" });
  const parts = el("div");
  const total = el("p", { class: "rb-total" });
  const comment = el("textarea", { id: id("comment"), rows: 3, maxlength: 20000, "aria-describedby": id("help") });
  const picks = el("select", { id: id("picks") });
  const previous = el("button", { type: "button", on: { click: () => go(-1) } }, words.previous);
  const next = el("button", { type: "button", class: "al-main", on: { click: () => go(1) } }, words.next);
  const keysOn = el("input", { type: "checkbox", id: id("keys"), checked: true, on: { change: () => (useKeys = keysOn.checked) } });
  const sheet = el("div", { class: "rb-sheet" });
  const none = el("p", { hidden: true }, words.none);

  const button = (label, click) => el("button", { type: "button", on: { click } }, label);
  const insert = button(words.insert, () => {
    if (picks.selectedIndex < 1) return;
    const had = comment.value.trim();
    comment.value = had ? `${had}\n${comments[picks.selectedIndex - 1]}` : comments[picks.selectedIndex - 1];
    save();
    comment.focus();
  });
  const keep = button(words.keep, () => list("keep", comment.value));
  const forget = button(words.forget, () => {
    if (picks.selectedIndex > 0) list("forget", comments[picks.selectedIndex - 1]);
  });

  function list(what, words_) {
    line.send({ do: what, text: words_ }, (told) => {
      if (!heard(told)) return;
      comments = told.comments;
      drawPicks();
      say(status, words.saved);
    });
  }

  function drawPicks() {
    const short = (each) => (each.length > 80 ? `${each.slice(0, 79)}…` : each);
    picks.replaceChildren(el("option", {}, words.pick), ...comments.map((each) => el("option", {}, short(each))));
  }

  /** Take what every answer may carry. Gives whether it was done. */
  function heard(told) {
    tell(trouble, told.trouble || "");
    if (told.trouble) say(status, "");
    return !told.trouble;
  }

  function show(other) {
    question = other;
    asked.replaceChildren(
      el("h2", { id: id("asked") }, words.asked),
      el("p", { class: "rb-title" }, question.title),
      ...question.stem.map((each) => el("p", {}, each)),
    );
    const first = question.done.indexOf(false);
    at = first < 0 ? 0 : first;
    sheet.hidden = question.codes.length === 0;
    none.hidden = !sheet.hidden;
    drawCount();
    if (!sheet.hidden) open(false);
  }

  /** Fetch the answer at this place and draw it. With `focus`, go to its heading, so that it is read next. */
  function open(focus) {
    const [name, code] = [question.id, question.codes[at]];
    now = null;
    line.send({ do: "open", question: name, code }, (told) => {
      if (!heard(told) || name !== question.id || code !== question.codes[at]) return;
      draw(told);
      say(status, "");
      if (focus) {
        heading.focus();
        heading.scrollIntoView({ block: "nearest" });
      }
    });
  }

  function draw(told) {
    now = told;
    heading.replaceChildren(
      fill(words.answer, { code: told.code }),
      el("span", { class: "rb-faint" }, ` (${fill(words.progress, { place: at + 1, total: question.codes.length })})`),
    );
    text.textContent = told.text || words.no_text;
    comment.value = told.comment;
    parts.replaceChildren(...question.rubric.map(drawPart));
    drawNotices();
    drawTotal();
  }

  function drawPart(part, index) {
    return el(
      "fieldset",
      { class: "rb-part", "data-part": index },
      el("legend", {}, part.name),
      part.levels.map((level, number) => {
        const radio = el("input", { type: "radio", name: id(`part-${index}`), value: number, on: { change: () => choose(index, number) } });
        radio.checked = now.levels[index] === number;
        return el("label", { class: "rb-level" }, radio, el("span", {}, fill(words.level, { number, words: level })));
      }),
    );
  }

  function drawNotices() {
    tell(again, now.again);
    notice.hidden = !now.notice;
    noticeWords.textContent = now.notice;
    over.hidden = now.levels.includes(-1);
  }

  function drawTotal() {
    const names = question.rubric.filter((_, index) => now.levels[index] < 0).map((part) => part.name);
    const points = now.levels.filter((level) => level > 0).reduce((sum, level) => sum + level, 0);
    total.textContent = names.length
      ? fill(words.open, { names: names.join(", ") })
      : fill(words.points, { points, most: question.most });
  }

  function drawCount() {
    const done = question.done.filter(Boolean).length;
    counted.textContent =
      done && done === question.done.length ? words.all_done : fill(words.done_count, { done, total: question.done.length });
  }

  function choose(index, level) {
    if (!now) return;
    now.levels[index] = level;
    drawTotal();
    save();
  }

  function save(overwrite) {
    if (!now) return;
    const [of, { code, seen }, levels] = [question, now, [...now.levels]];
    line.send({ do: "choose", question: of.id, code, levels, comment: comment.value, seen, over: overwrite === true }, (told) => {
      if (!heard(told)) return;
      of.done[of.codes.indexOf(code)] = told.done;
      drawCount();
      if (now && now.code === code && question === of) {
        Object.assign(now, { notice: told.notice, again: told.again, done: told.done, seen: told.seen });
        drawNotices();
        if (overwrite === true) heading.focus();
      }
      if (!told.notice) say(status, told.levels.includes(-1) ? words.kept : words.saved);
    });
  }

  /** Save what is still being typed, then do something else. */
  function leave(then) {
    typed.flush();
    then();
  }

  function go(step) {
    if (!now) return;
    leave(() => {
      let to = at + step;
      while (skip.checked && question.done[to]) to += step;
      if (to < 0 || to >= question.codes.length) {
        say(status, question.done.every(Boolean) ? words.all_done : fill(words.done_count, {
          done: question.done.filter(Boolean).length, total: question.done.length,
        }));
        return;
      }
      at = to;
      open(true);
    });
  }

  /** Choose a level by its digit: for the part that has the focus, else for the first open one; then go on. */
  function digit(level) {
    const focused = document.activeElement.closest && document.activeElement.closest("[data-part]");
    const index = focused ? Number(focused.dataset.part) : now.levels.indexOf(-1);
    if (index < 0 || level >= question.rubric[index].levels.length) return false;
    const radios = parts.children[index].querySelectorAll("input");
    radios[level].checked = true;
    choose(index, level);
    const after = parts.children[index + 1];
    if (after) (after.querySelector("input:checked") || after.querySelector("input")).focus();
    else next.focus();
    return true;
  }

  function press(event) {
    if (!useKeys || !now || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    const on = event.target;
    if (on.closest && on.closest("textarea, select, [contenteditable]")) return;
    const pressable = on.closest && on.closest("button, summary, a, input[type=checkbox]");
    let did = false;
    if (/^[0-9]$/.test(event.key)) did = digit(Number(event.key));
    else if (event.key === "n" || event.key === "N" || (event.key === "Enter" && !pressable)) did = (go(1), true);
    else if (event.key === "p" || event.key === "P") did = (go(-1), true);
    if (did) event.preventDefault();
  }

  const typed = autosave(comment, () => save(), PAUSE);
  document.addEventListener("keydown", press);

  sheet.append(
    el(
      "div",
      { class: "al-row rb-bar" },
      counted,
      el("label", { class: "rb-check", for: id("skip") }, skip, words.skip),
    ),
    el("section", { class: "rb-panel", "aria-labelledby": id("answer") }, heading, again, notice, text),
    el(
      "section",
      { class: "rb-panel", "aria-label": words.title },
      parts,
      total,
      el("label", { for: id("comment") }, words.comment),
      el("p", { class: "rb-faint", id: id("help") }, words.comment_help),
      comment,
      el("label", { for: id("picks"), class: "rb-later" }, words.saved_comments),
      picks,
      el("div", { class: "al-row" }, insert, keep, forget),
      el("div", { class: "al-row" }, previous, next, status),
    ),
  );
  root.append(
    el("h1", {}, `${words.title}: ${view.title}`),
    view.note ? el("p", { class: "al-trouble" }, view.note) : "",
    trouble,
    view.questions.length > 1 ? el("p", {}, el("label", { for: id("which") }, words.which), which) : "",
    asked,
    none,
    sheet,
    el(
      "details",
      { class: "rb-keys" },
      el("summary", {}, words.keys),
      el("ul", {}, ["key_digits", "key_next", "key_previous", "key_typing"].map((name) => el("li", {}, words[name]))),
      el("label", { class: "rb-check", for: id("keys") }, keysOn, words.keys_on),
    ),
  );
  drawPicks();
  show(question);
  return () => {
    typed.close();
    document.removeEventListener("keydown", press);
    line.close();
  };
}

export default { render };
