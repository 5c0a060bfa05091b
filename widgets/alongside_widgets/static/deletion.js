import { connect, el, frame, say } from "./dom.js";
import { DELETED, lookAgain } from "./looking.js";

const HERE = "#at-delete"; // an address that leads here has been the first press already

function render({ model, el: place }) {
  const { words } = model.get("view");
  const root = frame(place, model.get("view"), "deletion");
  const note = el("p", { class: "al-status", role: "status", hidden: true });
  const line = connect(model, note, words, null);
  const before = el("p", { class: "al-trouble" }); // what is wrong with what is kept
  const trouble = el("p", { class: "al-trouble", role: "alert", hidden: true }); // what could not be deleted
  const done = el("p", { role: "status", tabindex: "-1", class: "al-gone" });
  const goes = el("ul");
  const stays = el("ul");
  const button = el("button", { type: "button", class: "al-plain al-final", on: { click: remove } }, words.delete_button);
  const part = el(
    "details",
    { open: location.hash === HERE },
    el("summary", {}, words.delete_title),
    el("p", {}, words.delete_intro),
    el("p", { class: "al-label" }, words.delete_goes),
    goes,
    el("p", { class: "al-label" }, words.delete_stays),
    stays,
    el("p", { class: "al-row" }, button),
  );

  function remove() {
    button.setAttribute("aria-disabled", "true");
    tell("");
    line.send({ do: "delete" }, (told) => {
      button.removeAttribute("aria-disabled");
      if (told.trouble) {
        tell(told.trouble);
        return;
      }
      part.open = false;
      say(done, words.delete_done);
      done.focus();
      document.dispatchEvent(new Event(DELETED));
    });
  }

  function tell(sentence) {
    trouble.hidden = !sentence;
    say(trouble, sentence);
  }

  function draw() {
    const view = model.get("view");
    before.hidden = !view.trouble;
    say(before, view.trouble);
    goes.replaceChildren(...view.goes.map((text) => el("li", {}, text)));
    stays.replaceChildren(...view.stays.map((text) => el("li", {}, text)));
  }

  const led = () => {
    if (location.hash === HERE) part.open = true;
  };
  const stop = lookAgain(() => line.send({ do: "look" }));
  part.addEventListener("toggle", () => part.open && say(done, ""));
  window.addEventListener("hashchange", led);
  root.append(before, part, trouble, done, note);
  draw();
  model.on("change:view", draw);
  return () => {
    stop();
    window.removeEventListener("hashchange", led);
    model.off("change:view", draw);
    line.close();
  };
}

export default { render };
