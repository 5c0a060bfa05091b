import { PROTOCOL, message, pack, unpack, unused } from "./messages.js";

// The line to the kernel. It is lost when a phone sleeps, a lift has no signal or a server starts again, and comes back by
// itself. What the kernel has not dealt with is kept and sent again, so nothing that was done on the page goes missing.

const FIRST_WAIT = 500; // milliseconds before the first new try; each later one waits twice as long
const LONGEST_WAIT = 20000;
const FULL_WAIT = 15000; // when there is no room for another visitor
const SILENCE = 5000; // how long an answer may take before the line is tried
const PATIENCE = 4000; // how long the try may take
const ON_ITS_WAY = 1000; // milliseconds that an answer takes at most when all is well
const GONE = new Set(["restarting", "autorestarting", "dead", "terminating"]);

export class Line {
  /**
   * `base` is the server's address; `hear(commId, data, buffers)` takes what the kernel says; `renew()` opens a new kernel
   * and gives its id, or "full"; `tell(state)` is told "lost", "full" or "open".
   */
  constructor({ base, hear, renew, tell }) {
    Object.assign(this, { base, hear, renew, tell });
    this.session = unused();
    this.kernel = null;
    this.socket = null;
    this.ready = false;
    this.tries = 0;
    this.waiting = new Map(); // message id -> { to, data, buffers, sent }: what the kernel has not dealt with yet
    this.timers = {};
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
    window.addEventListener("online", () => this.wake());
    window.addEventListener("pageshow", (event) => event.persisted && this.wake());
  }

  /** Open the line to a kernel. */
  open(kernel) {
    this.kernel = kernel;
    const address = new URL(`${this.base}api/kernels/${kernel}/channels?session_id=${this.session}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address, [PROTOCOL]);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.ready = false;
    socket.onopen = () => this.opened(socket);
    socket.onmessage = (event) => socket === this.socket && this.heard(unpack(event.data));
    socket.onclose = () => socket === this.socket && this.lost();
  }

  /** Send a message to the kernel's side of a model. It is kept until the kernel has dealt with it. */
  send(to, data, buffers = []) {
    const made = message("comm_msg", {}, this.session);
    this.waiting.set(made.header.msg_id, { made, to, data, buffers, sent: false, since: Date.now() });
    if (this.ready) this.flush();
    else this.wake();
    clearTimeout(this.timers.silence);
    this.timers.silence = setTimeout(() => this.waiting.size && this.probe(), SILENCE);
  }

  /** Whether something that was done here may be lost when the page is left now. What is on its way is not counted. */
  get owes() {
    const old = Date.now() - ON_ITS_WAY;
    return [...this.waiting.values()].some((entry) => !this.ready || entry.since < old);
  }

  opened(socket) {
    // What was sent before may have been dealt with. The server first plays back what this page has missed, then answers.
    this.asking = message("kernel_info_request", {}, this.session);
    socket.send(pack(this.asking));
    if (![...this.waiting.values()].some((entry) => entry.sent)) this.isReady();
  }

  isReady() {
    if (this.ready) return;
    this.ready = true;
    this.tries = 0;
    this.tell("open");
    for (const entry of this.waiting.values()) entry.sent = false;
    this.flush();
  }

  flush() {
    for (const entry of this.waiting.values()) {
      if (entry.sent) continue;
      const id = entry.to.id;
      const content = { comm_id: id, data: entry.data };
      entry.sent = true;
      this.socket.send(pack({ ...entry.made, content, buffers: entry.buffers }));
    }
  }

  heard({ header, parent, content, buffers }) {
    clearTimeout(this.timers.probe);
    const asked = parent.msg_id;
    if (header.msg_type === "kernel_info_reply" && this.asking && asked === this.asking.header.msg_id) this.isReady();
    else if (header.msg_type === "comm_msg") this.hear(content.comm_id, content.data, buffers);
    else if (header.msg_type === "status" && content.execution_state === "idle") this.waiting.delete(asked);
    else if (header.msg_type === "status" && GONE.has(content.execution_state)) this.gone();
  }

  // A line can be dead without a sign of it, as after a sleep. Asking tells.
  probe() {
    if (!this.ready || this.socket.readyState !== WebSocket.OPEN) {
      this.wake();
      return;
    }
    this.socket.send(pack(message("kernel_info_request", {}, this.session)));
    clearTimeout(this.timers.probe);
    this.timers.probe = setTimeout(() => this.lost(), PATIENCE);
  }

  drop() {
    const socket = this.socket;
    this.socket = null;
    this.ready = false;
    clearTimeout(this.timers.probe);
    if (socket) socket.close();
  }

  lost() {
    this.drop();
    this.tell("lost");
    this.later(Math.min(FIRST_WAIT * 2 ** this.tries, LONGEST_WAIT));
    this.tries += 1;
  }

  gone() {
    this.kernel = null;
    this.lost();
  }

  later(wait) {
    clearTimeout(this.timers.retry);
    // Many pages lose a server at the same moment, and should not all come back at the same one.
    this.timers.retry = setTimeout(() => this.retry(), wait * (0.75 + Math.random() / 2));
  }

  /** Look after the line now: somebody is here, or the network is. */
  wake() {
    if (this.socket && this.ready) this.probe();
    else if (!this.socket && this.timers.retry) this.later(0);
  }

  async retry() {
    if (this.socket || this.trying) return;
    if (document.visibilityState === "hidden") return; // nobody looks; `wake` goes on when somebody does
    this.trying = true;
    try {
      const there = this.kernel && (await fetch(`${this.base}voila/kernel/${this.kernel}`, { cache: "no-store" }));
      if (there && there.ok) {
        this.open(this.kernel);
      } else if (!there || there.status === 404) {
        const kernel = await this.renew();
        if (kernel === "full") {
          this.tell("full");
          this.later(FULL_WAIT);
        } else {
          this.kernel = kernel;
          this.session = unused();
          this.open(kernel);
        }
      } else {
        this.lost();
      }
    } catch {
      this.lost();
    } finally {
      this.trying = false;
    }
  }
}
