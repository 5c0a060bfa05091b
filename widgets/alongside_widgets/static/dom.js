// What every widget's page half shares. Text goes in as text nodes and attributes only: nothing is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  yes: ["M5 12.5l4.5 4.5L19 7.5"],
  no: ["M7 7l10 10", "M17 7L7 17"],
  info: ["M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18", "M12 11v5", "M12 7.6v.2"],
  strong: ["M5 12.5l4.5 4.5L19 7.5"],
  okay: ["M6 12h12"],
  rethink: ["M6 9a7 7 0 1 1-.6 5", "M5.5 4.5V9H10"],
  harm: ["M12 3.5L22 20H2Z", "M12 10v4.5", "M12 17.2v.1"],
  full: ["M5 12.5l4.5 4.5L19 7.5"],
  some: ["M6 12h12"],
  none: ["M6 9a7 7 0 1 1-.6 5", "M5.5 4.5V9H10"],
};

/** Make an element. `on` holds listeners; other names are attributes; null and false leave one out. */
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (value !== null && value !== undefined && value !== false && !name.startsWith("on")) {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** Draw a small icon. It repeats what the words beside it say, so a screen reader passes it by. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `al-icon al-icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  for (const d of ICONS[name] || ICONS.info) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** Say how something did: an icon, the verdict, and more words beside it. */
export function verdict(name, words, more) {
  return el("p", { class: `al-verdict al-${name}` }, icon(name), el("span", {}, el("strong", {}, words), more ? ` ${more}` : ""));
}

/** Put values into the `{names}` of a sentence, once over. */
export function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}

/** Say the day of a moment (milliseconds since 1970) by the reader's own clock. `more` adds to it, such as the hour. */
export function onDay(moment, lang, more = {}) {
  const day = new Date(moment);
  const year = day.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
  return new Intl.DateTimeFormat(lang, { month: "long", day: "numeric", ...year, ...more }).format(day);
}

/** Give a name that no other element on the page has, also where several widgets each have this code. */
export function unique(prefix) {
  return `al-${prefix}-${Math.random().toString(36).slice(2, 10)}`;
}

/** Whether a link may carry an address: https, or relative without a scheme. */
export function safe(href) {
  return /^https:\/\//.test(href) || (!/^[^/?#]*:/.test(href) && !/^[/\\]{2}/.test(href) && !/[\s\\]/.test(href));
}

export function paragraphs(texts) {
  return texts.map((text) => el("p", {}, text));
}

/** Say something in a live region, once; saying nothing empties it. */
export function say(region, words) {
  if (region.textContent !== words) region.textContent = words;
}

/** Save a file from the page itself. */
export function download(filename, parts, type) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = el("a", { href: address, download: filename, class: "al-hidden" });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

export function countWords(text) {
  const words = text.trim();
  return words ? words.split(/\s+/).length : 0;
}

/** Draw the frame of a widget into the place that the page gives it. */
export function frame(place, view, kind) {
  place.classList.add("al-place");
  // Words are never read as mathematics either.
  const root = el("div", { class: `al al-${kind} tex2jax_ignore mathjax_ignore`, lang: view.lang });
  place.replaceChildren(root);
  return root;
}

export const KEPT = "alongside-kept"; // told to the page when something that the learner did was dealt with
const WAIT = 12000; // milliseconds without an answer after which the page says so

/**
 * Talk with the course. Each message has a number that its answer repeats; one that stays unanswered is told in `note`,
 * or in a place `near` what was done, quietly, and taken back when an answer comes after all.
 */
export function connect(model, note, words, telling = KEPT) {
  let last = 0;
  const waiting = new Map();
  const lost = (place) => {
    place.hidden = false;
    say(place, words.lost);
  };
  const found = (place) => {
    if (place.textContent !== words.lost) return;
    place.hidden = place === note;
    say(place, "");
  };
  const hear = (content, buffers) => {
    const asked = waiting.get(content && content.ack);
    if (!asked) return;
    clearTimeout(asked.timer);
    waiting.delete(content.ack);
    found(note);
    found(asked.place);
    if (asked.answered) asked.answered(content, buffers || []);
    if (telling) document.dispatchEvent(new Event(telling));
  };
  model.on("msg:custom", hear);
  return {
    send(message, answered, near) {
      last += 1;
      const n = last;
      const place = near || note;
      waiting.set(n, { answered, place, timer: setTimeout(() => lost(place), WAIT) });
      try {
        model.send({ ...message, n });
      } catch {
        clearTimeout(waiting.get(n).timer);
        lost(place);
      }
    },
    close() {
      model.off("msg:custom", hear);
      for (const asked of waiting.values()) clearTimeout(asked.timer);
    },
  };
}

// On the learner's own computer every key is saved. Elsewhere a phone's plan pays for each time, so a short while is
// waited; it counts from the first key that is not saved yet, so that steady typing never puts a save off.
const OWN_COMPUTER = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
const UNSAVED = OWN_COMPUTER ? 0 : 400; // milliseconds

/** Call `save` soon after a key, and at once when the learner leaves the field or the page. */
export function autosave(field, save, wait = UNSAVED) {
  let timer = null;
  const flush = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    save();
  };
  const later = () => {
    if (timer === null) timer = setTimeout(flush, wait);
  };
  const hidden = () => {
    if (document.visibilityState === "hidden") flush();
  };
  field.addEventListener("input", later);
  field.addEventListener("blur", flush);
  document.addEventListener("visibilitychange", hidden);
  window.addEventListener("pagehide", flush);
  return {
    flush,
    close() {
      flush();
      document.removeEventListener("visibilitychange", hidden);
      window.removeEventListener("pagehide", flush);
    },
  };
}

/** Grow a text field with its text, where the browser does not do it by itself. Gives what does so when it was filled. */
export function grow(field) {
  if (CSS.supports("field-sizing", "content")) return () => {};
  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 4}px`;
  };
  field.addEventListener("input", fit);
  requestAnimationFrame(fit);
  return fit;
}
