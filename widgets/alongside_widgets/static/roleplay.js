import { coached } from "./coach.js";
import { disputes } from "./dispute.js";
import { connect, download, el, fill, frame, onDay, say, unique, verdict } from "./dom.js";
import { ownWords } from "./typing.js";

function render({ model, el: place }) {
  let view = model.get("view");
  const words = view.words;
  const title = unique("title");
  const root = frame(place, view, "roleplay");
  root.setAttribute("role", "region");
  root.setAttribute("aria-labelledby", title);

  const note = el("p", { class: "al-status", role: "status", hidden: true });
  const line = connect(model, note, words);
  const log = el("div", { role: "log", "aria-label": view.log, "aria-live": "off", class: "al-log" });
  const next = el("div", { class: "al-next" });
  const trouble = el("p", { class: "al-trouble", role: "status" });
  const before = el("div", { class: "al-before" });
  const earlier = el("div", { class: "al-earlier" });
  const told = el("p", { role: "status" });
  const offer = el("div", { class: "al-row" });
  earlier.append(told, offer);
  let offered = ""; // what the offer was drawn from
  let pressed = false; // whether the learner, on this page, asked for an earlier talk, or to put it away
  let beside = null; // the talk that the log was drawn with
  const shown = []; // the keys of what is in the log, in order
  const details = new Set();
  let asked = false; // whether the learner, on this page, asked for what comes next
  const own = ownWords(line, () => view, (yes) => (asked = yes));

  function ask(message) {
    asked = true;
    line.send(message);
  }

  function startOver() {
    own.forget();
    ask({ do: "over" });
  }

  function folded(question, ...content) {
    const node = el("details", { class: "al-folded", open: view.always }, el("summary", {}, question), ...content);
    details.add(node);
    return node;
  }

  function heardLine(heard) {
    if (heard.kind === "speech") {
      return el("p", { class: "al-speech" }, el("strong", { class: "al-speaker" }, `${heard.speaker}:`), " ", heard.words);
    }
    if (heard.kind === "thought") {
      const said = el("p", { class: "al-thought" }, el("span", { class: "al-speaker" }, heard.speaker), " ", heard.words);
      return folded(heard.ask, said);
    }
    return el("p", { class: "al-seen" }, heard.words);
  }

  function entry(part) {
    if (part.kind === "ended") return el("p", { class: "al-ended" }, part.words);
    if (part.kind === "past") return past(part);
    const group = el("div", { role: "group", "aria-label": part.name, tabindex: "-1", class: `al-part al-${part.kind}` });
    if (part.kind === "heard") {
      if (view.beside) group.append(el("h4", { class: "al-label" }, fill(words.beside_now, { number: part.turn + 1 })));
      group.append(...part.lines.map(heardLine));
      return group;
    }
    const again = el(
      "button",
      { type: "button", class: "al-quiet", "aria-label": part.again, on: { click: () => ask({ do: "again", turn: part.turn }) } },
      words.again,
    );
    const feedback = el("div", { class: `al-feedback al-${part.rating}` }, verdict(part.rating, part.label), el("p", {}, part.reason));
    const keep = (marked, means, answered) => line.send({ do: "dispute", turn: part.turn, start: marked.start, means }, answered);
    const heard = part.coached ? [coached(part.coached, view.coach), disputes(part.coached.parts, view.dispute, keep)] : [];
    group.append(
      el("p", { class: "al-said" }, el("strong", { class: "al-speaker" }, `${part.speaker}:`), " ", part.words),
      // What can hurt is said whatever was wished for, and its way back is the big button below.
      part.rating === "harm" ? feedback : folded(words.why_ask, ...heard, feedback),
      part.rating === "harm" ? "" : again,
    );
    return group;
  }

  // A day says which talk is meant, and two of one day are told apart by the hour.
  function dayOf(talk) {
    const day = onDay(talk, view.lang);
    const twice = view.talks.some((other) => other !== talk && onDay(other, view.lang) === day);
    return twice ? onDay(talk, view.lang, { hour: "numeric", minute: "2-digit" }) : day;
  }

  function past(part) {
    const name = unique("past");
    const heading = fill(words.beside_then, { day: dayOf(view.beside.ended), number: part.turn + 1 });
    const { you } = part;
    return el(
      "div",
      { role: "group", "aria-labelledby": name, class: "al-part al-past" },
      el("h4", { id: name, class: "al-label" }, heading),
      part.lines.map(heardLine),
      you && el("p", { class: "al-said" }, el("strong", { class: "al-speaker" }, `${you.speaker}:`), " ", you.words),
      you && el("div", { class: `al-feedback al-${you.rating}` }, verdict(you.rating, you.label), el("p", {}, you.reason)),
      part.ended && el("p", { class: "al-ended" }, part.ended),
    );
  }

  // Where there is room for two columns, each turn has two rows, and what was said on the other day stands next to them.
  function rowOf(part) {
    if (part.kind === "past" || part.kind === "heard") return 2 * part.turn + 1;
    if (part.kind === "you") return 2 * part.turn + 2;
    return 2 * view.entries.filter((each) => each.kind === "heard").length;
  }

  function silently(change) {
    log.setAttribute("aria-live", "off"); // nothing new is said when what was there is shown anew
    change();
    setTimeout(() => log.setAttribute("aria-live", "polite"), 300);
  }

  function show(talk) {
    pressed = true;
    line.send({ do: "beside", talk });
  }

  // One button where there is one earlier talk, else a choice; or the way to put it away.
  function drawOffer() {
    earlier.hidden = !view.beside && !view.talks.length;
    const now = JSON.stringify([view.talks, view.beside, Boolean(view.end)]);
    if (now === offered) return;
    offered = now;
    const button = (does, said) => el("button", { type: "button", class: "al-quiet", on: { click: does } }, said);
    if (view.beside) {
      const said = fill(words.beside_on, { day: dayOf(view.beside.ended) });
      say(told, [said, view.beside.note || (view.end ? "" : words.beside_how)].join(" ").trim());
      offer.replaceChildren(button(() => show(null), words.beside_away));
    } else {
      say(told, pressed ? words.beside_off : "");
      const [last, ...others] = view.talks;
      if (others.length) {
        const id = unique("which");
        const which = el("select", { id }, view.talks.map((talk) => el("option", { value: talk }, dayOf(talk))));
        offer.replaceChildren(
          el("label", { for: id }, words.beside_which),
          which,
          button(() => show(Number(which.value)), words.beside_show_chosen),
        );
      } else if (last) {
        offer.replaceChildren(button(() => show(last), fill(words.beside_show, { day: dayOf(last) })));
      }
    }
    const control = offer.querySelector("button");
    if (pressed && control) control.focus({ preventScroll: true });
    pressed = false;
  }

  // Only what is new is added, so that a screen reader says each line once.
  function fillLog() {
    const keys = view.entries.map((part) => `${part.key} ${beside}`);
    let same = 0;
    while (same < shown.length && shown[same] === keys[same]) same += 1;
    while (shown.length > same) {
      shown.pop();
      for (const node of log.lastElementChild.querySelectorAll("details")) details.delete(node);
      log.lastElementChild.remove();
    }
    let first = null;
    for (const part of view.entries.slice(same)) {
      const node = entry(part);
      node.style.setProperty("--row", rowOf(part));
      first = first || node;
      log.append(node);
      shown.push(keys[shown.length]);
    }
    return first || log.lastElementChild;
  }

  function choices() {
    const label = unique("say");
    const buttons = view.replies.map((reply) =>
      el("button", { type: "button", class: "al-reply", on: { click: () => choose(reply.id) } }, reply.words),
    );
    const group = el("div", { role: "group", "aria-labelledby": label, class: "al-replies" });
    group.append(el("h4", { id: label, class: "al-label" }, words.replies), ...buttons);
    return group;
  }

  function choose(reply) {
    for (const button of next.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    // The turn goes along: sent twice over a bad line, the same choice still counts once.
    ask({ do: "choose", reply, turn: view.entries.filter((part) => part.kind === "you").length });
    setTimeout(() => {
      for (const button of next.querySelectorAll("button")) button.removeAttribute("aria-disabled");
    }, 2000);
  }

  function afterHarm() {
    const turn = view.entries.filter((part) => part.kind === "you").length - 1;
    return el(
      "div",
      { class: "al-halt" },
      el("p", {}, words.harm_next),
      el(
        "button",
        { type: "button", class: "al-main al-big", on: { click: () => ask({ do: "again", turn }) } },
        words.harm_again,
      ),
    );
  }

  // With another talk beside it, or none, the whole log looks other than before.
  function drawLog() {
    const now = view.beside && view.beside.ended;
    if (now === beside) return fillLog();
    let first = null;
    silently(() => {
      beside = now;
      root.classList.toggle("al-besides", now !== null);
      first = fillLog();
    });
    return first;
  }

  // An address that leads to this conversation leads to what was heard last.
  function markHere() {
    const heard = [...log.querySelectorAll(".al-heard")];
    heard.forEach((node, place) => node.toggleAttribute("data-here", view.started && place === heard.length - 1));
  }

  function draw() {
    const first = drawLog();
    markHere();
    const held = next.contains(document.activeElement) ? document.activeElement : null;
    next.replaceChildren();
    if (view.halted) next.append(afterHarm());
    else if (view.end) next.append(ending(view, words, title));
    else next.append(choices(), own.field() || "");
    if (view.started && !view.halted) {
      const over = el("button", { type: "button", class: "al-quiet", on: { click: startOver } }, words.start_over);
      next.append(el("p", { class: "al-row" }, over));
    }
    if (held && next.contains(held)) held.focus({ preventScroll: true }); // who is typing goes on typing
    drawOffer();
    say(trouble, view.trouble);
    trouble.hidden = !view.trouble;
    before.hidden = !view.before;
    if (asked && first) {
      asked = false;
      first.focus({ preventScroll: true });
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      first.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
    }
  }

  function always(event) {
    view = { ...view, always: event.target.checked };
    silently(() => {
      root.classList.toggle("al-always", view.always);
      for (const node of details) node.open = view.always;
    });
    line.send({ do: "feedback", on: view.always });
  }

  const wish = el("label", { class: "al-check" });
  const box = el("input", { type: "checkbox", on: { change: always } });
  box.checked = view.always;
  wish.append(box, el("span", {}, words.always));
  root.classList.toggle("al-always", view.always);
  before.append(
    el("p", {}, view.before),
    view.started ? el("button", { type: "button", class: "al-quiet", on: { click: startOver } }, words.before_start_over) : "",
  );
  root.append(
    el(
      "div",
      { class: "al-head" },
      el("p", { class: "al-kind" }, words.kind),
      el("h3", { id: title }, view.title),
      el("p", { class: "al-facts" }, view.facts.join(" · ")),
      view.note ? el("p", { class: "al-content-note" }, el("strong", {}, words.content_note), " ", view.note) : null,
    ),
    trouble,
    wish,
    before,
    log,
    next,
    earlier,
    note,
  );
  draw();
  // The log is there first, and what it opens with is not called out on a page that holds other things to read.
  const live = setTimeout(() => log.setAttribute("aria-live", "polite"), 500);

  const change = () => {
    const wanted = view.always;
    view = { ...model.get("view"), always: wanted };
    draw();
  };
  model.on("change:view", change);
  return () => {
    clearTimeout(live);
    model.off("change:view", change);
    line.close();
  };
}

function ending(view, words, title) {
  const { end } = view;
  const done = el("p", { role: "status", class: "al-done" });
  const name = unique("end");
  // A page may hold several conversations that have ended.
  const node = el("section", { class: "al-end", "aria-labelledby": `${name} ${title}` });
  node.append(el("h3", { id: name }, words.end_title), el("p", {}, words.end_intro));
  node.append(el("h4", {}, words.skills_title), el("div", { class: "al-skills" }, end.skills.map(skill)));
  if (end.thoughts.length) {
    const rows = end.thoughts.flatMap((thought) => [el("dt", {}, thought.when), ...thought.lines.map((each) => el("dd", {}, each))]);
    node.append(el("h4", {}, end.thoughts_title), el("dl", { class: "al-thoughts" }, rows));
  }
  if (end.tries.length) {
    node.append(el("h4", {}, words.tries_title), ...end.tries.map((row) => tried(row, words)));
  }
  const save = () => {
    download(end.filename, [end.transcript], "text/plain;charset=utf-8");
    say(done, fill(words.file_ready, { filename: end.filename }));
  };
  node.append(
    el("h4", {}, words.keep_title),
    el(
      "p",
      { class: "al-row" },
      el("button", { type: "button", class: "al-plain", on: { click: save } }, words.save_transcript),
      el("button", { type: "button", class: "al-plain", on: { click: () => printText(view) } }, words.print_transcript),
    ),
    done,
  );
  return node;
}

function skill(each) {
  const id = unique("meter");
  const meter = el("meter", { id, min: 0, max: Math.max(each.most, 1), value: each.points }, each.said);
  return el(
    "div",
    { class: "al-skill" },
    el("label", { for: id }, each.name),
    el("p", { class: "al-means" }, each.means),
    meter,
    el("p", { class: "al-points" }, each.said),
  );
}

function tried(row, words) {
  const side = (name, part) =>
    el(
      "div",
      { class: "al-side" },
      el("p", { class: "al-label" }, name),
      el("p", { class: "al-quote" }, part.words),
      verdict(part.rating, part.label),
      el("p", {}, part.reason),
    );
  return el(
    "div",
    { role: "group", "aria-label": row.turn, class: "al-tried" },
    el("p", { class: "al-turn" }, row.turn),
    el("div", { class: "al-sides" }, side(words.tries_before, row.before), side(words.tries_now, row.now)),
  );
}

// A page of its own is printed, so that what stands around the conversation stays out.
function printText(view) {
  const sheet = el("iframe", { title: view.title, class: "al-hidden", "aria-hidden": "true" });
  document.body.append(sheet);
  const paper = sheet.contentDocument;
  paper.documentElement.lang = view.lang;
  paper.title = view.title;
  paper.body.style.cssText = "font: 12pt/1.5 Georgia, serif; max-width: 65ch; margin: 1cm auto; white-space: pre-wrap;";
  const [heading, ...rest] = view.end.transcript.split("\n");
  const head = paper.createElement("h1");
  head.textContent = heading;
  head.style.cssText = "font-size: 16pt;";
  const body = paper.createElement("div");
  body.textContent = rest.join("\n");
  paper.body.append(head, body);
  const gone = () => setTimeout(() => sheet.remove(), 1000);
  sheet.contentWindow.addEventListener("afterprint", gone);
  sheet.contentWindow.focus();
  sheet.contentWindow.print();
}

export default { render };
