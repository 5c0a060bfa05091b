// Jupyter's kernel messages as they go over the WebSocket (protocol v1.kernel.websocket.jupyter.org): a count, the place
// where each part starts, then the parts: channel, header, parent header, metadata, content, and any number of buffers.

export const PROTOCOL = "v1.kernel.websocket.jupyter.org";
const FIXED = 5; // parts before the buffers
const writer = new TextEncoder();
const reader = new TextDecoder();

/** Give a name that nobody else has. `crypto.randomUUID` is missing where a page is served without https. */
export function unused() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Make a message. `content` is plain data; the session is the page's own. */
export function message(type, content, session) {
  const header = { msg_id: unused(), msg_type: type, session, username: "", version: "5.3", date: new Date().toISOString() };
  return { channel: "shell", header, content, buffers: [] };
}

/** Turn a message into bytes. */
export function pack({ channel, header, content, buffers }) {
  const texts = [channel, ...[header, {}, {}, content].map((part) => JSON.stringify(part))].map((text) => writer.encode(text));
  const parts = [...texts, ...buffers.map(bytesOf)];
  const starts = [8 * (parts.length + 2)];
  for (const part of parts) starts.push(starts[starts.length - 1] + part.byteLength);
  const whole = new Uint8Array(starts[starts.length - 1]);
  const view = new DataView(whole.buffer);
  const count = (place, value) => view.setUint32(8 * place, value, true); // 64 bits, of which 32 are enough for a page
  count(0, starts.length);
  starts.forEach((start, place) => count(place + 1, start));
  parts.forEach((part, place) => whole.set(part, starts[place]));
  return whole.buffer;
}

/** Read bytes as a message. Buffers are given as views of them, without a copy. */
export function unpack(bytes) {
  const view = new DataView(bytes);
  const count = view.getUint32(0, true);
  const starts = Array.from({ length: count }, (_, place) => view.getUint32(8 * (place + 1), true));
  const part = (place) => new DataView(bytes, starts[place], starts[place + 1] - starts[place]);
  const read = (place) => JSON.parse(reader.decode(part(place)));
  const buffers = Array.from({ length: count - 1 - FIXED }, (_, place) => part(FIXED + place));
  return { channel: reader.decode(part(0)), header: read(1), parent: read(2), content: read(4), buffers };
}

function bytesOf(buffer) {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}
