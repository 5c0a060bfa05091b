import { arrive } from "./arrive.js";
import { away } from "./away.js";
import { Line } from "./line.js";
import { look } from "./look.js";
import { Models } from "./models.js";
import { follow, partsOf } from "./parts.js";
import { paper } from "./paper.js";

// What runs in the page: it draws the activities from what came with the page, then opens the line to the kernel.

const { base, nonce, words } = JSON.parse(document.getElementById("alongside").textContent);
const models = new Models(base, nonce);
const line = new Line({
  base,
  hear: (id, data, buffers) => models.hear(id, data, buffers),
  renew,
  tell: tellLine,
});
models.line = line;
const places = new Map(); // "cell/output" -> the id that the kernel knows its model by
const drawing = []; // the activities on their way into their places
let leave = null; // what the server needs to know when the page is left
let stopped = false;

const opening = document.getElementById("opening");
const notice = document.getElementById("alongside-line");
const about = notice.querySelector("p");

function place(cell) {
  return document.querySelector(`[data-cell="${CSS.escape(cell)}"]`);
}

// Draws one cell's activities, or says in their place that something is wrong.
function take(part) {
  if (part.stock) {
    location.reload(); // this page has widgets of another kind; the server knows by now, and sends what draws them
    return;
  }
  if (part.end) {
    leave = part.end;
    return;
  }
  if (part.trouble) {
    stop(part.trouble === "full" ? words.full : words.failed);
    return;
  }
  part.styles.forEach((text) => models.style(text));
  for (const [id, made] of Object.entries(part.models)) models.add(id, made);
  if (!part.cell) return;
  const here = place(part.cell);
  if (here) {
    here.replaceChildren();
    part.outputs.forEach((output, number) => here.append(drawn(output, `${part.cell}/${number}`)));
  }
  const bar = opening.querySelector("progress");
  if (bar) bar.value = part.number;
}

function drawn(output, name) {
  const node = document.createElement("div");
  if (output.model) {
    places.set(name, output.model);
    const failed = () => {
      node.textContent = words.broken;
    };
    drawing.push(models.get(output.model).then((model) => models.render(model, node)).catch(failed));
  } else if (output.image) {
    const picture = document.createElement("img");
    picture.src = output.image;
    picture.alt = output.alt;
    node.append(picture);
  } else {
    node.className = "alongside-text";
    node.textContent = output.trouble ? words.broken : output.text;
  }
  return node;
}

function whole() {
  opening.remove();
  if (leave) line.open(leave.kernel);
  else if (!stopped) stop(words.failed);
  arrive(Promise.all(drawing));
}

function stop(sentence) {
  stopped = true;
  for (const coming of document.querySelectorAll(".alongside-coming")) coming.textContent = "";
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = words.try_again;
  again.addEventListener("click", () => location.reload());
  about.textContent = sentence;
  notice.replaceChildren(about, again);
  notice.hidden = false;
}

// Opens a new kernel by asking for this page again, and puts what stands on this one in touch with it.
async function renew() {
  const reply = await fetch(location.href, { cache: "no-store", credentials: "same-origin" });
  if (reply.status === 503) return "full";
  if (!reply.ok) throw new Error("The page is not there now.");
  const parts = partsOf(await reply.text());
  const end = parts.find((part) => part.end);
  if (parts.some((part) => part.trouble === "full")) return "full";
  if (!end) throw new Error("The page came back without its activities.");
  for (const part of parts.filter((each) => each.models)) {
    const moved = new Set();
    (part.outputs || []).forEach((output, number) => {
      const name = `${part.cell}/${number}`;
      const from = places.get(name);
      if (!output.model || !from || !models.all.has(from)) return;
      models.move(from, output.model, part.models[output.model]);
      places.set(name, output.model);
      moved.add(output.model);
    });
    for (const [id, made] of Object.entries(part.models)) if (!moved.has(id)) models.add(id, made);
  }
  hasLeft(); // a kernel that died has been started again, and nobody needs that one
  leave = end.end;
  return leave.kernel;
}

function hasLeft() {
  if (!leave) return;
  const form = new FormData();
  form.append("_xsrf", leave.xsrf);
  navigator.sendBeacon(`${base}voila/kernel/${leave.kernel}`, form);
}

// A short gap is nobody's business. A longer one is said, quietly, and so is its end.
let quiet = null;
function tellLine(state) {
  clearTimeout(quiet);
  if (state === "open") {
    if (!notice.hidden) {
      about.textContent = words.back;
      quiet = setTimeout(() => {
        notice.hidden = true;
        about.textContent = "";
      }, 3000);
    }
    return;
  }
  const say = () => {
    notice.hidden = false;
    about.textContent = state === "full" ? words.full_now : words.reconnecting;
  };
  if (state === "full" || !notice.hidden) say();
  else quiet = setTimeout(say, 1000);
}

// The kernel of a page that is left is ended by the server after a short while, so that coming back finds it.
window.addEventListener("pagehide", hasLeft);
window.addEventListener("beforeunload", (event) => line.owes && event.preventDefault());

// Everything was deleted: the browser forgets what led there, and other pages that are open let go of what they hold.
document.addEventListener("alongside-deleted", () => {
  if (!leave) return;
  const form = new FormData();
  form.append("_xsrf", leave.xsrf);
  form.append("kernel", leave.kernel);
  fetch(`${base}voila/work/deleted`, { method: "POST", body: form, credentials: "same-origin" }).catch(() => {});
});

look();
away();
paper();
follow(take, whole);
