import { autosave, connect, countWords, download, el, fill, frame, grow, paragraphs, say, unique } from "./dom.js";
import { answerField, questionFrame } from "./fields.js";

function render({ model, el: place }) {
  const view = model.get("view");
  const kept = model.get("now").answers || {};
  const words = view.words;
  const root = frame(place, view, "graded");
  const note = el("p", { class: "al-status", role: "status", hidden: true });
  const line = connect(model, note, words);
  const trouble = el("p", { class: "al-trouble", role: "note", hidden: !view.trouble }, view.trouble);
  const progress = el("p", { class: "al-progress-so-far" });
  const savers = [];
  const places = new Map(); // where each question says that it is kept
  let quiet = null;
  let changes = 0;

  // Said once when a pause comes, not at every key, and beside the question that it is about.
  function tellSaved(question) {
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      for (const [id, place] of places) say(place, id === question.id ? `${words.saved} ${model.get("now").progress}` : "");
    }, 1200);
  }

  function keep(question, answer, message) {
    say(places.get(question.id), "");
    clearTimeout(quiet); // "saved" is said of the last change alone
    const mine = (changes += 1);
    const kept = (told) => {
      say(message, told.trouble || told.note || "");
      if (mine === changes && !told.trouble) tellSaved(question);
    };
    line.send({ do: "answer", question: question.id, answer }, kept, message);
  }

  function draw(question) {
    const message = el("p", { class: "al-needed", role: "status" });
    const place = el("p", { class: "al-saved", role: "status" });
    const worth = el("div", { class: "al-bar" }, el("p", { class: "al-worth" }, question.worth), place);
    places.set(question.id, place);
    if (question.kind === "written") return written(question, message, worth);
    let saver = null;
    const field = answerField(question, words, () => {
      if (question.kind !== "number") keep(question, field.read(), message);
    });
    field.write(kept[question.id] ?? null);
    if (field.field) {
      saver = autosave(field.field, () => keep(question, field.read(), message));
      savers.push(saver);
    }
    const clear = el(
      "button",
      {
        type: "button",
        class: "al-quiet",
        "aria-label": `${words.clear_choice}: ${question.title}`,
        on: {
          click: () => {
            field.write(null);
            keep(question, null, message);
          },
        },
      },
      words.clear_choice,
    );
    const clears = ["single", "order"].includes(question.kind) ? el("p", { class: "al-row" }, clear) : null;
    return questionFrame(question, field.node, message, clears, worth);
  }

  function written(question, message, worth) {
    const id = unique("text");
    const count = el("p", { class: "al-count" });
    const looks = unique("looks");
    const area = el("textarea", { id, rows: 7, maxlength: 20000, spellcheck: "true", "aria-describedby": looks });
    area.value = kept[question.id] || "";
    const counted = () => say(count, fill(words.word_count, { count: countWords(area.value) }));
    area.addEventListener("input", counted);
    counted();
    grow(area);
    savers.push(autosave(area, () => keep(question, area.value, message)));
    const criteria = el(
      "div",
      { id: looks, class: "al-looks" },
      el("p", {}, words.looks_for),
      el("ul", {}, question.criteria.map((criterion) => el("li", {}, criterion))),
    );
    return questionFrame(question, criteria, el("label", { for: id }, words.your_answer), area, count, message, worth);
  }

  const flush = () => savers.forEach((saver) => saver.flush());
  root.append(
    el(
      "div",
      { class: "al-head" },
      el("p", { class: "al-kind" }, words.kind),
      view.facts.length ? el("p", { class: "al-facts" }, view.facts.join(" · ")) : null,
      el("p", {}, words.intro),
    ),
    trouble,
    ...view.questions.map(draw),
    progress,
    handIn(line, view.hand, flush),
    note,
  );

  const change = () => say(progress, model.get("now").progress || "");
  change();
  model.on("change:now", change);
  return () => {
    model.off("change:now", change);
    savers.forEach((saver) => saver.close());
    line.close();
  };
}

function handIn(line, hand, flush) {
  const heading = unique("hand-in");
  const id = unique("name");
  const help = unique("help");
  const problem = unique("problem");
  const name = el("input", { id, type: "text", autocomplete: "name", maxlength: 200, "aria-describedby": `${help} ${problem}` });
  const wrong = el("p", { id: problem, class: "al-needed", role: "alert" });
  const list = el("div", { class: "al-listing" });
  const done = el("div", { role: "status", class: "al-handed" });

  function show() {
    flush();
    line.send({ do: "list" }, ({ listing }) => {
      const title = el("h3", { tabindex: "-1" }, listing.title);
      const rows = listing.rows.flatMap((row) => [
        el("dt", {}, row.title),
        row.open ? el("dd", { class: "al-open" }, listing.unanswered) : el("dd", {}, paragraphs(row.answer)),
      ]);
      const shared = listing.shared.flatMap((each) => [
        el("dt", {}, each.title),
        el("dd", {}, paragraphs([each.day, each.other].filter(Boolean))),
        el("dd", {}, each.text),
      ]);
      list.replaceChildren(
        title,
        el("p", {}, listing.summary),
        el("dl", {}, rows),
        ...(shared.length ? [el("h4", {}, listing.shared_title), el("dl", {}, shared)] : []),
        el("p", { class: "al-rest" }, listing.shared_rest),
      );
      title.focus();
    }, wrong);
  }

  function save() {
    flush();
    say(wrong, "");
    name.removeAttribute("aria-invalid");
    line.send({ do: "hand-in", name: name.value }, (told, buffers) => {
      if (told.trouble) {
        say(wrong, told.trouble);
        if (told.field) {
          name.setAttribute("aria-invalid", "true");
          name.focus();
        }
        return;
      }
      download(told.file.filename, [buffers[0]], "application/zip");
      done.replaceChildren(...paragraphs([told.file.saved_as, told.file.left_out, hand.next, told.file.listed, hand.again].filter(Boolean)));
    }, wrong);
  }

  return el(
    "section",
    { class: "al-hand-in", "aria-labelledby": heading },
    el("h2", { id: heading }, hand.title),
    el("p", {}, hand.intro),
    el("p", { class: "al-row" }, el("button", { type: "button", class: "al-plain", on: { click: show } }, hand.show)),
    list,
    el("label", { for: id }, hand.name),
    el("p", { id: help, class: "al-how" }, hand.name_help),
    name,
    wrong,
    el("p", { class: "al-row" }, el("button", { type: "button", class: "al-main", on: { click: save } }, hand.save)),
    done,
  );
}

export default { render };
