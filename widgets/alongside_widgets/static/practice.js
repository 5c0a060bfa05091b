import { connect, el, frame, icon, safe, say, verdict } from "./dom.js";
import { answerField, questionFrame } from "./fields.js";

function render({ model, el: place }) {
  const view = model.get("view");
  const words = view.words;
  const root = frame(place, view, "practice");
  const note = el("p", { class: "al-status", role: "status", hidden: true });
  const line = connect(model, note, words);
  const trouble = el("p", { class: "al-trouble", role: "status", hidden: !view.trouble }, view.trouble);

  function draw(question) {
    const result = el("div", { class: "al-result" });
    const status = el("div", { role: "status", class: "al-outcome" });
    const message = el("p", { class: "al-needed", role: "status" });
    const best = el("p", { class: "al-best" }, question.best || "");
    const field = answerField(question, words, clear); // another answer: what was said of the last one goes

    function clear() {
      status.replaceChildren();
      result.replaceChildren();
      row.hidden = false;
    }

    function check() {
      line.send({ do: "check", question: question.id, answer: field.read() }, (answer) => {
        result.replaceChildren();
        if (answer.empty) {
          status.replaceChildren(el("p", { class: "al-needed" }, icon("info"), answer.empty));
        } else if (answer.feedback) {
          show(answer.feedback);
        }
      }, message);
    }

    function again() {
      clear();
      field.write(null);
      const first = field.node.querySelector("input, select, button:not([aria-disabled])");
      if (first) first.focus();
    }

    function show(told) {
      best.textContent = "";
      row.hidden = true;
      // What is called out is the outcome alone; the reasons below it are there to be read.
      status.replaceChildren(verdict(told.icon, told.points, [told.how, told.kept].filter(Boolean).join(" ")));
      result.append(el("ul", { class: "al-reasons" }, told.rows.map(reason)));
      if (told.source) result.append(source(told.source));
      result.append(el("p", { class: "al-row" }, el("button", { type: "button", class: "al-plain", on: { click: again } }, words.try_again)));
      if (told.trouble) {
        trouble.hidden = false;
        say(trouble, told.trouble);
      }
      status.tabIndex = -1;
      status.focus({ preventScroll: true });
      status.scrollIntoView({ block: "nearest" }); // the reasons follow it
    }

    function source(from) {
      const known = safe(from.href) && from.href;
      const shown = known
        ? el("a", { href: from.href, target: "_blank", rel: "noopener noreferrer" }, `${from.short} ${words.new_tab}`)
        : from.short;
      return el("p", { class: "al-source" }, words.source, " ", shown);
    }

    const row = el("p", { class: "al-row" }, el("button", { type: "button", class: "al-main", on: { click: check } }, words.check));
    return questionFrame(question, field.node, row, message, best, status, result);
  }

  root.append(trouble, ...view.questions.map(draw), note);
  return () => line.close();
}

function reason(row) {
  return el(
    "li",
    { class: `al-reason al-${row.icon}` },
    el("p", { class: "al-quote" }, row.words),
    row.verdict ? verdict(row.icon, row.verdict) : null,
    el("p", {}, row.reason),
  );
}

export default { render };
