import { coached } from "./coach.js";
import { countWords, el, fill, grow, say, unique } from "./dom.js";

const LONGEST_TEXT = 2000; // characters: far above 60 words
const UNANSWERED = 12000; // milliseconds after which the buttons work again without an answer

/**
 * The field for a reply in one's own words. `look` gives the view, and `ask` notes whether what comes next was asked for.
 * What is typed lives in this page until it is said; a turn that is taken again opens with what was said there.
 */
export function ownWords(line, look, ask) {
  const drafts = new Map(); // by the turns before it
  let place = null; // the turns before the field that is there
  let shown = null;

  // The turns so far name the moment. The field is made anew only for another one, so that no redrawing empties it.
  function field() {
    const view = look();
    if (!view.own) return null;
    const turns = view.entries.filter((part) => part.kind === "you");
    const here = turns.length ? turns[turns.length - 1].key : "start";
    if (here !== place || !shown) {
      place = here;
      shown = draw(view, turns.length);
    }
    return shown;
  }

  function draw(view, turn) {
    const { words, own } = view;
    const moment = place;
    const [id, reads, counts] = [unique("own"), unique("reads"), unique("count")];
    const area = el("textarea", { id, rows: 3, maxlength: LONGEST_TEXT, spellcheck: "true", "aria-describedby": `${reads} ${counts}` });
    const count = el("p", { id: counts, class: "al-count" });
    const lost = el("p", { role: "status", class: "al-status", hidden: true });
    const answer = el("div", { role: "group", "aria-label": view.coach.coach, tabindex: "-1", class: "al-answer", hidden: true });
    let read = null; // the words that the coach asked to read once more
    let busy = false;

    const button = (name, does, kind = "al-plain") => el("button", { type: "button", class: kind, on: { click: does } }, name);
    const change = () => button(words.own_change, () => area.focus(), "al-quiet");

    function typed() {
      say(count, fill(words.own_count, { count: countWords(area.value) }));
      drafts.set(moment, area.value);
    }

    function send(more = {}) {
      if (busy) return;
      busy = true;
      const text = area.value;
      main.setAttribute("aria-disabled", "true");
      const free = () => {
        busy = false;
        main.removeAttribute("aria-disabled");
      };
      const late = setTimeout(free, UNANSWERED);
      ask(true);
      const again = text === read ? { anyway: true } : {};
      const answered = (told) => {
        clearTimeout(late);
        free();
        if (!told.heard) return;
        ask(false);
        read = told.heard.kind === "careful" ? text : null;
        hear(told, text);
      };
      line.send({ do: "own", text, turn, ...again, ...more }, answered, lost);
    }

    function hear(told, text) {
      const choices = (told.options || []).map((each) => button(each.words, () => send({ meant: each.deed })));
      const anyway = told.heard.kind === "careful" ? button(words.own_anyway, () => send()) : null;
      answer.replaceChildren(coached(told.heard, view.coach), el("div", { class: "al-row" }, anyway, choices, change()));
      answer.hidden = false;
      answer.focus({ preventScroll: true });
      answer.scrollIntoView({ block: "nearest" });
    }

    const main = button(words.own_say, () => send(), "al-main");
    area.value = drafts.get(moment) || "";
    area.addEventListener("input", typed);
    typed();
    const fit = grow(area);
    return el(
      "details",
      { class: "al-own-words", open: area.value !== "", on: { toggle: () => fit() } },
      el("summary", {}, words.own_open),
      el("label", { for: id }, own.label),
      area,
      count,
      el("p", { id: reads, class: "al-reads" }, own.reads),
      lost,
      el("p", { class: "al-row" }, main),
      answer,
    );
  }

  function forget() {
    drafts.clear();
    shown = null;
  }

  return { field, forget };
}
