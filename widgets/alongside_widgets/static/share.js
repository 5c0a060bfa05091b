import { el, say, unique } from "./dom.js";

/**
 * The part in which a learner shows words to their instructor. `read()` gives the words as they stand: { text, other }.
 * What is seen is shown first, and exactly that is shared. `update()` draws it anew when those words or the view change.
 */
export function sharing({ model, line, words, title, read }) {
  const heading = unique("share");
  const box = unique("shown");
  const said = el("p", { class: "al-shared", tabindex: "-1" });
  const handed = el("p");
  const changed = el("p");
  const trouble = el("p", { class: "al-needed", role: "alert" });
  const status = el("p", { class: "al-saved", role: "status" });
  const shown = el("div", { id: box, class: "al-shown", hidden: true });
  const ask = el("button", { type: "button", class: "al-plain", on: { click: open } });
  const show = el(
    "button",
    { type: "button", class: "al-quiet", "aria-controls": box, "aria-expanded": "false", on: { click: toggle } },
    words.show,
  );
  const back = el("button", { type: "button", class: "al-quiet", on: { click: takeBack } }, words.take_back);
  const name = el("h4", { id: heading, tabindex: "-1" }, words.title);
  const seen = el("div", { class: "al-shown" });
  const yes = el("button", { type: "button", class: "al-main", on: { click: share } }, words.yes);
  const no = el("button", { type: "button", class: "al-plain", on: { click: () => close(ask) } }, words.no);
  const part = el(
    "section",
    { class: "al-share-part", hidden: true, "aria-labelledby": heading },
    name,
    el("p", {}, words.who),
    seen,
    el("p", { class: "al-row" }, yes, no),
  );
  const note = el("p", { class: "al-how" });
  let chosen = null; // the words that the open part shows

  const quote = ({ text, other }) => [
    el("p", { class: "al-label" }, title),
    other ? el("p", { class: "al-label" }, words.other) : "",
    el("div", { class: "al-own" }, text),
  ];

  function open() {
    say(status, "");
    say(trouble, "");
    chosen = read();
    if (!chosen.text.trim()) {
      say(trouble, words.empty);
      return;
    }
    seen.replaceChildren(...quote(chosen).filter(Boolean));
    part.hidden = false;
    ask.hidden = true;
    name.focus();
  }

  function close(next) {
    part.hidden = true;
    seen.replaceChildren();
    update();
    next.focus();
  }

  function share() {
    line.send({ do: "share", ...chosen }, (told) => {
      say(trouble, told.trouble || "");
      if (!told.trouble) close(said);
    }, trouble);
  }

  function takeBack() {
    say(status, "");
    line.send({ do: "unshare" }, (told) => {
      say(trouble, told.trouble || "");
      if (told.trouble) return;
      say(status, words.taken_back);
      update();
      ask.focus();
    }, trouble);
  }

  function toggle() {
    shown.hidden = !shown.hidden;
    show.setAttribute("aria-expanded", String(!shown.hidden));
  }

  function update() {
    const share = model.get("view").share;
    const there = share.text !== null;
    const own = read();
    const other = there && (own.text !== share.text || own.other !== share.other);
    say(note, share.note);
    say(said, share.said);
    say(handed, share.handed);
    say(changed, other ? words.changed : "");
    say(ask, there ? words.again : words.ask);
    ask.hidden = !share.offered || !part.hidden || (there && !other);
    show.hidden = back.hidden = !there;
    if (!there && !shown.hidden) toggle();
    if (there) shown.replaceChildren(...quote(share).filter(Boolean));
  }

  update();
  const node = el(
    "div",
    { class: "al-share" },
    note,
    said,
    handed,
    changed,
    el("p", { class: "al-row" }, ask, show, back),
    shown,
    part,
    trouble,
    status,
  );
  return { node, update };
}
