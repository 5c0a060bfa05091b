import { unused } from "./messages.js";

// Models as anywidget's front-end modules know them (AFM): get, set, save_changes, on, off, send.

const REFERENCE = /^(?:IPY_MODEL_|anywidget:)/;
const COMMAND = 3000; // milliseconds that a command may take, as in anywidget

export class Model {
  constructor(models, id, state) {
    this.models = models;
    this.id = id;
    this.state = state;
    this.changed = new Set();
    this.listeners = [];
    this.widget_manager = { get_model: (ref) => models.get(ref) };
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    const values = typeof name === "object" ? name : { [name]: value };
    for (const each of Object.keys(values)) this.changed.add(each);
    this.take(values);
  }

  save_changes() {
    const state = Object.fromEntries([...this.changed].map((name) => [name, this.state[name]]));
    this.changed.clear();
    const [plain, paths, buffers] = takeBuffers(state);
    this.models.line.send(this, { method: "update", state: plain, buffer_paths: paths }, buffers);
  }

  send(content, _callbacks, buffers = []) {
    this.models.line.send(this, { method: "custom", content }, buffers);
  }

  on(names, listener, context) {
    for (const name of names.split(" ")) this.listeners.push({ name, listener, context });
  }

  off(names, listener, context) {
    const some = names ? names.split(" ") : null;
    this.listeners = this.listeners.filter(
      (each) =>
        (some && !some.includes(each.name)) ||
        (listener && each.listener !== listener) ||
        (context && each.context !== context),
    );
  }

  emit(name, ...values) {
    for (const each of this.listeners.filter((one) => one.name === name)) each.listener(...values);
  }

  /** Take values over, and say which of them are others than before. */
  take(values) {
    const others = Object.entries(values).filter(([name, value]) => !same(this.state[name], value));
    for (const [name, value] of others) this.state[name] = value;
    for (const [name, value] of others) this.emit(`change:${name}`, this, value);
    if (others.length) this.emit("change", this);
  }

  /** Hear what the kernel says to this model. */
  hear(data, buffers) {
    if (data.method === "update") this.take(putBuffers(data.state, data.buffer_paths || [], buffers));
    else if (data.method === "custom") this.emit("msg:custom", data.content, buffers);
  }
}

/** The models of a page, by the ids that the kernel knows them by, and the front-end modules that draw them. */
export class Models {
  constructor(base, nonce) {
    Object.assign(this, { base, nonce, all: new Map(), started: new Map(), styles: new Set(), line: null });
  }

  async get(reference) {
    const model = this.all.get(String(reference).replace(REFERENCE, ""));
    if (!model) throw new Error("There is no such model on this page.");
    return model;
  }

  add(id, { state, buffers }) {
    const whole = putBuffers(state, buffers.map(([path]) => path), buffers.map(([, data]) => fromBase64(data)));
    if (this.all.has(id)) this.all.get(id).take(whole);
    else this.all.set(id, new Model(this, id, whole));
  }

  /** A new kernel knows a model by another id. What stands on the page stays; what changed meanwhile is taken over. */
  move(from, to, { state, buffers }) {
    const model = this.all.get(from);
    this.all.delete(from);
    model.id = to;
    this.all.set(to, model);
    this.add(to, { state, buffers });
  }

  hear(id, data, buffers) {
    const model = this.all.get(id);
    if (model) model.hear(data, buffers);
  }

  style(text) {
    if (this.styles.has(text)) return;
    this.styles.add(text);
    const node = document.createElement("style");
    node.nonce = this.nonce;
    node.textContent = text;
    document.head.append(node);
  }

  /** Load a model's module and start it, once. */
  start(model) {
    if (!this.started.has(model)) this.started.set(model, this.initialize(model));
    return this.started.get(model);
  }

  async initialize(model) {
    const module = await import(`${this.base}voila/front/${model.get("_esm")}`);
    const made = module.default ?? module;
    const widget = typeof made === "function" ? await made() : made;
    const result = widget.initialize && (await widget.initialize({ model, ...this.around(model) }));
    return { widget, exports: typeof result === "function" ? undefined : result };
  }

  /** Draw a model into a place. */
  async render(model, el) {
    const { widget, exports } = await this.start(model);
    const signal = new AbortController().signal;
    if (widget.render) await widget.render({ model, el, signal, ...this.around(model) });
    return exports;
  }

  around(model) {
    return {
      experimental: { invoke: (name, msg, options = {}) => invoke(model, name, msg, options) },
      host: {
        getModel: (reference) => this.get(reference),
        getWidget: async (reference) => {
          const child = await this.get(reference);
          const { exports } = await this.start(child);
          return { exports, render: ({ el }) => this.render(child, el) };
        },
      },
    };
  }
}

function invoke(model, name, msg, { buffers = [], signal }) {
  const id = unused();
  return new Promise((resolve, reject) => {
    const hear = (content, answered) => {
      if (content.id !== id) return;
      done();
      resolve([content.response, answered]);
    };
    const timer = setTimeout(() => stop(new Error("The command took too long.")), COMMAND);
    const done = () => {
      clearTimeout(timer);
      model.off("msg:custom", hear);
    };
    const stop = (reason) => {
      done();
      reject(reason);
    };
    if (signal) signal.addEventListener("abort", () => stop(signal.reason));
    model.on("msg:custom", hear);
    model.send({ id, kind: "anywidget-command", name, msg }, undefined, buffers);
  });
}

function same(one, other) {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const [first, second] = [bytesIn(one), bytesIn(other)];
  if (first || second) {
    return Boolean(first && second) && first.length === second.length && first.every((byte, n) => byte === second[n]);
  }
  const names = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === Object.keys(other).length &&
    names.every((name) => name in other && same(one[name], other[name]))
  );
}

function bytesIn(value) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null;
}

function putBuffers(state, paths, buffers) {
  paths.forEach((path, place) => {
    const inner = path.slice(0, -1).reduce((node, name) => node[name], state);
    inner[path[path.length - 1]] = buffers[place];
  });
  return state;
}

function takeBuffers(value, path = []) {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return [null, [path], [value]];
  if (value === null || typeof value !== "object") return [value, [], []];
  const paths = [];
  const buffers = [];
  const plain = Array.isArray(value) ? [] : {};
  for (const [name, inner] of Object.entries(value)) {
    const [kept, morePaths, moreBuffers] = takeBuffers(inner, [...path, Array.isArray(value) ? Number(name) : name]);
    // A list keeps a place for what is taken out of it: Python cannot put anything past its end.
    if (Array.isArray(value) || !moreBuffers.length || kept !== null) plain[name] = kept;
    paths.push(...morePaths);
    buffers.push(...moreBuffers);
  }
  return [plain, paths, buffers];
}

function fromBase64(text) {
  return new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}
