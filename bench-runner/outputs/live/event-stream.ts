// Server-sent events to every open page: first the history, then one event per second.
import type { ServerResponse } from "node:http";

const MOST_WATCHERS = 32;
/** The runner buffers no more than this for a watcher that does not read: it is disconnected, and reconnects for the history. */
const MOST_UNREAD_BYTES = 1 << 20;

/** One event. @param data becomes JSON, which has no unescaped line break */
function toEvent(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

export class EventStream {
  readonly #watchers = new Set<ServerResponse>();
  readonly #history: () => unknown;

  /** @param history the first event of each watcher, named `history` */
  constructor(history: () => unknown) {
    this.#history = history;
  }

  /** Answers a request with the stream. @returns false if too many pages are open already */
  add(response: ServerResponse): boolean {
    if (this.#watchers.size >= MOST_WATCHERS) return false;
    response.writeHead(200, { "content-type": "text/event-stream", connection: "close" });
    response.write(`retry: 1000\n${toEvent("history", this.#history())}`);
    this.#watchers.add(response);
    response.on("close", () => this.#watchers.delete(response));
    response.on("error", () => this.#watchers.delete(response));
    return true;
  }

  send(name: string, data: unknown): void {
    const text = toEvent(name, data);
    for (const watcher of this.#watchers) {
      if (watcher.writableLength > MOST_UNREAD_BYTES) watcher.destroy();
      else watcher.write(text);
    }
  }

  /** Sends the last event and ends every stream. */
  end(name: string, data: unknown): void {
    for (const watcher of this.#watchers) watcher.end(toEvent(name, data));
    this.#watchers.clear();
  }
}
