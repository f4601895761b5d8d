// The connection: hello, changes in order, commands that are sent until they are answered.

const WAITS = [300, 800, 1500, 3000];
const SILENCE = 25000;

/** Apply a change to a document (RFC 7386); what did not change stays the same object. */
export function merge(target, patch) {
  const merged = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (value && typeof value === "object" && !Array.isArray(value)) {
      const before = merged[key];
      merged[key] = merge(before && typeof before === "object" && !Array.isArray(before) ? before : {}, value);
    } else merged[key] = value;
  }
  return merged;
}

export class Net {
  /** `onChange` is called whenever something that is shown may have changed. */
  constructor(table, token, onChange) {
    Object.assign(this, { table, token, onChange });
    Object.assign(this, { words: "connecting…", document: null, static: null, me: null, epoch: 0, seq: 0, ahead: 0 });
    this.gone = null;
    this.tries = 0;
    this.waiting = new Map();
    this.open();
    // Phones close sockets of pages in the background without a word.
    for (const event of ["pageshow", "online", "focus"]) addEventListener(event, () => this.wake());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.wake(); });
    setInterval(() => this.ping(), SILENCE / 2);
  }

  get connected() {
    return this.socket?.readyState === WebSocket.OPEN && this.document !== null && this.words === "connected";
  }

  /** The host's clock. */
  get now() {
    return performance.now() / 1000 + this.ahead;
  }

  open() {
    clearTimeout(this.timer);
    const socket = new WebSocket(`ws://${location.host}/${this.table}/socket`);
    this.socket = socket;
    this.heard = performance.now();
    socket.onopen = () => socket.send(JSON.stringify({ op: "hello", v: 1, token: this.token }));
    socket.onmessage = (event) => { if (socket === this.socket) this.take(JSON.parse(event.data)); };
    socket.onclose = () => { if (socket === this.socket) this.lost(); };
  }

  lost() {
    if (this.gone) return;
    this.words = this.document ? "reconnecting…" : "connecting…";
    this.timer = setTimeout(() => this.open(), WAITS[Math.min(this.tries++, WAITS.length - 1)]);
    this.onChange();
  }

  wake() {
    if (this.gone) return;
    const dead = this.socket.readyState > WebSocket.OPEN || performance.now() - this.heard > SILENCE;
    if (dead) { this.socket.onclose = null; this.socket.close(); this.open(); } else this.ping();
  }

  ping() {
    if (this.gone) return;
    if (performance.now() - this.heard > SILENCE) this.wake();
    else if (this.connected) this.socket.send(JSON.stringify({ op: "ping" }));
  }

  take(message) {
    this.heard = performance.now();
    if (message.now !== undefined) this.ahead = message.now - performance.now() / 1000;
    if (message.op === "welcome" || message.op === "resync") {
      Object.assign(this, { document: message.document, epoch: message.epoch, seq: message.seq, words: "connected", tries: 0 });
      if (message.op === "welcome") {
        Object.assign(this, { me: message.me, static: message.static });
        for (const { text } of this.waiting.values()) this.socket.send(text);
      }
    } else if (message.op === "patch") {
      if (message.epoch === this.epoch && message.seq === this.seq + 1) {
        this.seq = message.seq;
        this.document = merge(this.document, message.patch);
      } else if (message.epoch !== this.epoch || message.seq > this.seq) this.socket.send(JSON.stringify({ op: "resync" }));
    } else if (message.op === "reply") {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      waiting?.answered(message);
    } else if (message.op === "gone") {
      if (message.code !== "slow" && message.code !== "anew") {
        this.gone = message;
        this.words = "not connected";
      }
    }
    this.onChange();
  }

  /** Ask for something; it is sent again, as the same command, until it is answered. Asked for twice meanwhile it is asked for once. */
  command(op, details) {
    const asked = JSON.stringify({ op, ...details });
    for (const waiting of this.waiting.values()) if (waiting.asked === asked) return waiting.reply;
    const id = [...crypto.getRandomValues(new Uint8Array(9))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const text = JSON.stringify({ op, id, ...details });
    const waiting = { asked, text };
    waiting.reply = new Promise((answered) => { waiting.answered = answered; });
    this.waiting.set(id, waiting);
    if (this.connected) this.socket.send(text);
    this.onChange();
    return waiting.reply;
  }
}
