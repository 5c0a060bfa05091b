import { coached } from "./coach.js";
import { disputes } from "./dispute.js";
import { connect, download, el, fill, frame, paragraphs, say, unique } from "./dom.js";
import { lookAgain } from "./looking.js";

const MOST = 20000; // characters
const DRAWN = "http://www.w3.org/2000/svg";

function render({ model, el: place }) {
  let view = model.get("view");
  const { words } = view;
  const root = frame(place, view, "lab");
  root.setAttribute("role", "region");
  root.setAttribute("aria-label", words.title);
  const note = el("p", { class: "al-status", role: "status", hidden: true });
  const line = connect(model, note, words, null);
  const trouble = el("p", { class: "al-trouble", role: "status", hidden: !view.trouble }, view.trouble);

  let skill = view.skills[0];
  let turn = 0; // which of the skill's lines is shown
  let token = ""; // the name of the try that was heard last
  let heardText = null; // what it said: the same words again are the same try

  // What to practice, and the line.
  const id = unique("skill");
  const choice = el("select", { id, autocomplete: "off", on: { change: choose } }, view.skills.map((each) => el("option", { value: each.id }, each.name)));
  const means = el("p", { class: "al-means" });
  const prompt = el("div", { class: "al-prompt", tabindex: "-1", role: "group" });

  // The reply. Its words live in this field and nowhere else.
  const fieldId = unique("answer");
  const field = el("textarea", { id: fieldId, autocomplete: "off", rows: "3", "aria-describedby": `${fieldId}-help` });
  const help = el("p", { id: `${fieldId}-help`, class: "al-how" }, words.answer_help);
  const hear = el("button", { type: "button", class: "al-main", on: { click: listen } }, words.hear);
  const needed = el("p", { class: "al-needed", role: "status" });

  const outcome = el("div", { class: "al-outcome", role: "status", tabindex: "-1" });
  const more = el("div", { class: "al-more" });
  const counts = el("section", { class: "al-counts" });

  function shown() {
    return view.prompts[skill.prompts[turn]];
  }

  function choose() {
    skill = view.skills.find((each) => each.id === choice.value) || view.skills[0];
    turn = 0;
    show();
  }

  function show() {
    const each = shown();
    say(means, skill.means);
    prompt.setAttribute("aria-label", fill(words.line_name, { title: each.title }));
    prompt.replaceChildren(
      el("h3", {}, each.title),
      ...each.context.map((text) => el("p", { class: "al-how" }, text)),
      el("p", { class: "al-speech" }, el("strong", { class: "al-speaker" }, `${each.person}:`), " ", each.words),
    );
    field.value = "";
    heardText = null;
    clear();
  }

  function clear() {
    outcome.replaceChildren();
    more.replaceChildren();
    say(needed, "");
  }

  function listen() {
    const text = field.value.slice(0, MOST); // far more than the coach takes in, and it says so
    if (text !== heardText) token = name();
    heardText = text;
    const asked = { do: "hear", prompt: skill.prompts[turn], text, try: token };
    line.send(asked, (answer) => {
      if (asked.prompt !== skill.prompts[turn]) return; // another line is shown by now
      clear();
      if (answer.trouble) {
        say(needed, answer.trouble);
        more.append(ways());
      }
      if (answer.heard) tell(answer.heard, asked);
      if (answer.counts) drawCounts(answer.counts);
    }, needed);
  }

  function tell(heard, asked) {
    outcome.append(coached(heard, view.coach));
    const odd = heard.kind === "odd";
    if (heard.kind === "unsure") more.append(goingFor(heard.options));
    if (heard.parts.some((part) => part.label)) {
      const keep = (part, means, answered) => line.send({ ...asked, do: "dispute", start: part.start, means }, (answer) => {
        if (answer.count !== undefined) counted(answer.count);
        answered(answer);
      });
      more.append(disputes(heard.parts, view.dispute, keep));
    }
    more.append(
      el("p", { class: "al-row" },
        el("button", { type: "button", class: "al-plain", on: { click: again } }, words.again),
        odd ? null : el("button", { type: "button", class: "al-plain", on: { click: next } }, words.next)),
      odd ? "" : ways(),
    );
    outcome.focus({ preventScroll: true });
    outcome.scrollIntoView({ block: "nearest" });
  }

  function again() {
    clear();
    field.focus();
  }

  function next() {
    turn = (turn + 1) % skill.prompts.length;
    show();
    prompt.focus({ preventScroll: true });
    prompt.scrollIntoView({ block: "nearest" });
  }

  // The coach was not sure, so it asks. The answer is the learner's, and changes nothing.
  function goingFor(options) {
    const told = el("p", { role: "status" });
    const choices = [...options, { name: "", label: words.something_else }];
    const buttons = choices.map((each) => el("button", { type: "button", class: "al-plain", "aria-pressed": "false", on: { click: (event) => noted(event.currentTarget, each) } }, each.label));
    const noted = (button, each) => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      say(told, fill(words.noted, { deed: each.label }));
    };
    return el("div", { role: "group", "aria-label": words.going_for }, el("div", { class: "al-row" }, buttons), told);
  }

  function ways() {
    return el(
      "details",
      { class: "al-ways" },
      el("summary", {}, words.ways),
      el("p", { class: "al-how" }, words.ways_help),
      el("ul", {}, shown().ways.map((way) => el("li", {}, `“${way}”`))),
    );
  }

  // What one's own replies did.
  let tableOpen = false;

  function drawCounts(now) {
    const [first, ...rest] = now.said;
    counts.replaceChildren(
      el("h3", {}, now.title),
      el("div", {}, el("p", {}, first), rest.length ? el("ul", {}, rest.map((each) => el("li", {}, each))) : null),
      now.picture ? picture(now.picture) : "",
      now.table ? table(now.table) : "",
      ...paragraphs(now.notes).map((each) => (each.classList.add("al-how"), each)),
    );
  }

  function picture({ name, bars }) {
    return el(
      "div",
      { class: "al-bars", role: "img", "aria-label": name },
      bars.map(({ label, count, part }) => {
        const svg = document.createElementNS(DRAWN, "svg");
        svg.setAttribute("aria-hidden", "true");
        svg.setAttribute("focusable", "false");
        const bar = document.createElementNS(DRAWN, "rect");
        for (const [key, value] of Object.entries({ width: `${Math.round(100 * part)}%`, height: "100%", rx: "3" })) bar.setAttribute(key, value);
        svg.append(bar);
        return el("p", { class: "al-bar-row" }, el("span", {}, label), svg, el("span", {}, String(count)));
      }),
    );
  }

  function table({ head, rows }) {
    // The roles are said, too: on a phone the rows are no longer laid out as a table's.
    const cell = (each, n) => el("td", { role: "cell", "data-label": head[n + 1] }, String(each));
    const row = ([when, ...numbers]) => el("tr", { role: "row" }, el("th", { role: "rowheader", scope: "row" }, when), numbers.map(cell));
    const made = el(
      "table",
      { role: "table", "aria-label": words.table_title },
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, head.map((each) => el("th", { role: "columnheader", scope: "col" }, each)))),
      el("tbody", { role: "rowgroup" }, rows.map(row)),
    );
    const node = el("details", { open: tableOpen }, el("summary", {}, words.table_title), made);
    node.addEventListener("toggle", () => {
      tableOpen = node.open;
    });
    return node;
  }

  // What was kept because the learner hears it another way. Words come when this is opened, and go when it is closed.
  const summary = el("summary", {});
  const body = el("div");
  const told = el("p", { role: "status" });
  const trainers = el("details", { class: "al-trainers" }, summary, body, told);
  trainers.addEventListener("toggle", () => {
    say(told, "");
    if (trainers.open) askForDisputes();
    else body.replaceChildren();
  });

  function counted(count) {
    say(summary, fill(words.trainers, { count }));
    if (trainers.open) askForDisputes();
  }

  function askForDisputes() {
    line.send({ do: "disputes" }, drawDisputes);
  }

  function drawDisputes(answer) {
    if (answer.trouble) say(told, answer.trouble);
    if (!answer.disputes || !trainers.open) return;
    const rows = answer.disputes;
    say(summary, fill(words.trainers, { count: rows.length }));
    const save = () => line.send({ do: "file" }, saved);
    body.replaceChildren(
      el("p", { class: "al-how" }, rows.length ? words.trainers_how : words.trainers_none),
      ...rows.map((row) => el("article", { class: "al-entry" }, paragraphs(row.lines),
        el("p", { class: "al-row" }, el("button", { type: "button", class: "al-plain", "aria-label": row.delete, on: { click: () => forget(row) } }, words.trainers_delete)))),
      rows.length ? el("p", { class: "al-row" }, el("button", { type: "button", class: "al-plain", on: { click: save } }, words.trainers_save)) : "",
    );
  }

  function forget(row) {
    line.send({ do: "forget", name: row.name }, (answer) => {
      drawDisputes(answer);
      if (!answer.disputes) return;
      say(told, words.trainers_gone);
      summary.focus();
    });
  }

  function saved(answer) {
    if (answer.trouble) say(told, answer.trouble);
    if (!answer.file) return;
    download(answer.file.name, [answer.file.text], "text/plain;charset=utf-8");
    say(told, fill(words.file_ready, { filename: answer.file.name }));
  }

  function redraw() {
    view = model.get("view");
    drawCounts(view.counts);
    counted(view.dispute.count);
  }

  root.append(
    trouble,
    el("label", { for: id }, words.skill),
    choice,
    means,
    prompt,
    el("label", { for: fieldId }, words.answer),
    help,
    field,
    el("p", { class: "al-row" }, hear),
    needed,
    outcome,
    more,
    counts,
    trainers,
    note,
  );
  show();
  redraw();
  model.on("change:view", redraw);
  const stop = lookAgain(() => line.send({ do: "look" }));
  return () => {
    stop();
    model.off("change:view", redraw);
    line.close();
  };
}

/** Give a name for one try, so that a try which is sent twice counts once. */
function name() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (each) => each.toString(16).padStart(2, "0")).join("");
}

export default { render };
