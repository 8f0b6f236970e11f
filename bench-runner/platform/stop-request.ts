// The request to stop: Ctrl-C, SIGTERM, SIGHUP, or the death of the process that launched the runner.
//
// The first stops the load and keeps what was measured; the second ends everything at once.
import { Socket } from "node:net";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** A terminal that closes sends its signals twice, and a launcher may pass one on: that is still one request. */
const SAME_REQUEST_MS = 150;

export interface StopRequest {
  /** Aborted at the first request. */
  readonly signal: AbortSignal;
  /** "Ctrl-C", "SIGTERM", …; undefined before. */
  readonly reason: string | undefined;
  /** Stops listening: signals have their default effect again. */
  dispose(): void;
}

/**
 * @param parentFd a pipe that ends when the launcher dies (SERVER_BENCH_PARENT_FD)
 * @param onSecond called at the second request
 */
export function listenForStop(options: { parentFd?: number; onSecond: () => void }): StopRequest {
  const controller = new AbortController();
  let reason: string | undefined;
  let firstMs = 0;
  const first = (name: string) => {
    reason = name;
    firstMs = performance.now();
    controller.abort();
  };
  const onSignal = (name: NodeJS.Signals) => {
    if (reason === undefined) first(name === "SIGINT" ? "Ctrl-C" : name);
    else if (performance.now() - firstMs > SAME_REQUEST_MS) options.onSecond();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  const parent =
    options.parentFd === undefined ? undefined : watchParent(options.parentFd, first, () => reason);
  return {
    signal: controller.signal,
    get reason() {
      return reason;
    },
    dispose() {
      for (const name of SIGNALS) process.off(name, onSignal);
      parent?.destroy();
    },
  };
}

function watchParent(
  fd: number,
  first: (name: string) => void,
  reason: () => string | undefined,
): Socket | undefined {
  try {
    const parent = new Socket({ fd, readable: true, writable: false });
    const gone = () => {
      if (reason() === undefined) first("the end of its launcher");
    };
    parent.on("end", gone).on("error", gone).resume().unref();
    return parent;
  } catch {
    return undefined;
  }
}
