import { connect, el, frame, unique } from "./dom.js";
import { link } from "./links.js";

function render({ model, el: place }) {
  const view = model.get("view");
  const root = frame(place, view, "resume");
  const line = connect(model, el("p"), { lost: "" }, null);
  const title = unique("title");
  const draw = () => {
    const { here, words, new_tab: newTab } = model.get("view");
    root.hidden = !here;
    if (!here) {
      root.replaceChildren();
      return;
    }
    root.replaceChildren(
      el(
        "section",
        { "aria-labelledby": title },
        el("h2", { id: title }, words.title),
        el("p", { class: "al-go-on" }, link(here.href, here.words, newTab)),
        el("p", { class: "al-facts" }, here.about),
      ),
    );
  };
  draw();
  const back = (event) => event.persisted && line.send({ do: "look" }); // to a page that the browser had put aside
  window.addEventListener("pageshow", back);
  model.on("change:view", draw);
  return () => {
    window.removeEventListener("pageshow", back);
    model.off("change:view", draw);
    line.close();
  };
}

export default { render };
