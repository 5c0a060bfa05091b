import { el, fill, paragraphs, say, unique } from "./dom.js";

// How each kind of question is answered. A field has a node, `read()` for the answer (null when there is none), `write()`
// for one kept before, and calls `changed` whenever the learner changes it. Nothing is chosen beforehand.

function radios(question, words, changed, type) {
  const name = unique("choice");
  const boxes = question.options.map((option) => {
    const box = el("input", { type, name, value: option.id, on: { change: changed } });
    return { box, node: el("label", { class: "al-option" }, box, el("span", {}, option.words)) };
  });
  const chosen = () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
  return {
    node: el("div", { class: "al-options" }, boxes.map(({ node }) => node)),
    read: () => (type === "radio" ? chosen()[0] ?? null : chosen().length ? chosen() : null),
    write(answer) {
      for (const { box } of boxes) box.checked = type === "radio" ? box.value === answer : (answer || []).includes(box.value);
    },
  };
}

function order(question, words, changed) {
  let ids = question.options.map((option) => option.id);
  let moved = false;
  const text = new Map(question.options.map((option) => [option.id, option.words]));
  const list = el("ol", { class: "al-order" });
  const status = el("p", { role: "status", class: "al-moved" });

  function move(id, step, focus) {
    const place = ids.indexOf(id);
    const other = place + step;
    if (other < 0 || other >= ids.length) return;
    ids.splice(other, 0, ...ids.splice(place, 1));
    moved = true;
    draw();
    const row = list.children[other];
    const button = row.querySelector(`[data-step="${focus}"]:not([aria-disabled])`) || row.querySelector("button:not([aria-disabled])");
    if (button) button.focus();
    say(status, fill(words.moved, { place: other + 1, total: ids.length, words: text.get(id) }));
    changed();
  }

  function button(id, step, label, name, off) {
    return el(
      "button",
      {
        type: "button",
        class: "al-quiet",
        "data-step": step,
        "aria-label": fill(name, { words: text.get(id) }),
        "aria-disabled": off ? "true" : null,
        on: { click: () => move(id, step, step) },
      },
      el("span", { "aria-hidden": "true" }, step < 0 ? "↑ " : "↓ "),
      label,
    );
  }

  function draw() {
    list.replaceChildren(
      ...ids.map((id, place) =>
        el(
          "li",
          {},
          el("span", { class: "al-step" }, text.get(id)),
          el(
            "span",
            { class: "al-row" },
            button(id, -1, words.move_up, words.move_up_name, place === 0),
            button(id, 1, words.move_down, words.move_down_name, place === ids.length - 1),
          ),
        ),
      ),
    );
  }

  draw();
  return {
    node: el("div", {}, list, status),
    read: () => (moved ? [...ids] : null),
    write(answer) {
      moved = Array.isArray(answer);
      ids = moved ? [...answer] : question.options.map((option) => option.id);
      draw();
    },
  };
}

function match(question, words, changed) {
  const rows = question.options.map((option) => {
    const id = unique("pair");
    const choices = [el("option", { value: "" }, words.choose), ...question.others.map((other) => el("option", { value: other }, other))];
    const list = el("select", { id, on: { change: changed } }, choices);
    return { option, list, node: el("div", { class: "al-pair" }, el("label", { for: id }, option.words), list) };
  });
  const read = () => {
    const pairs = rows.filter(({ list }) => list.value).map(({ option, list }) => [option.id, list.value]);
    return pairs.length ? Object.fromEntries(pairs) : null;
  };
  return {
    node: el("div", { class: "al-pairs" }, rows.map(({ node }) => node)),
    read,
    write(answer) {
      for (const { option, list } of rows) list.value = (answer || {})[option.id] || "";
    },
  };
}

function number(question, words, changed) {
  const id = unique("number");
  const unit = unique("unit");
  const field = el("input", {
    id,
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    maxlength: 24,
    "aria-describedby": question.unit ? unit : null,
    on: { input: changed },
  });
  return {
    node: el(
      "div",
      { class: "al-number" },
      el("label", { for: id }, words.your_answer),
      el("span", { class: "al-row" }, field, question.unit ? el("span", { id: unit }, question.unit) : null),
    ),
    field,
    read: () => (field.value.trim() ? field.value : null),
    write(answer) {
      field.value = answer ?? "";
    },
  };
}

/** Make the field for a question of any kind but a written one. */
export function answerField(question, words, changed) {
  if (question.kind === "single") return radios(question, words, changed, "radio");
  if (question.kind === "several") return radios(question, words, changed, "checkbox");
  if (question.kind === "order") return order(question, words, changed);
  if (question.kind === "match") return match(question, words, changed);
  return number(question, words, changed);
}

/** Make the frame of a question: what is asked names the whole group. */
export function questionFrame(question, ...extra) {
  return el(
    "fieldset",
    { class: `al-question al-kind-${question.kind}`, "data-question": question.id, tabindex: "-1" },
    el("legend", {}, el("span", { class: "al-kind" }, question.number), el("span", { class: "al-ask" }, question.title)),
    el("div", { class: "al-stem" }, paragraphs(question.stem)),
    question.how ? el("p", { class: "al-how" }, question.how) : null,
    ...extra,
  );
}
