// When a client has connected to a server of this machine.
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 50;
const ESTABLISHED = "01";

function hasConnection(port: number): boolean {
  const end = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return ["/proc/net/tcp", "/proc/net/tcp6"].some((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .some((line) => {
        const [, , remote = "", state] = line.trim().split(/\s+/);
        return state === ESTABLISHED && remote.endsWith(end);
      }),
  );
}

/** Waits for the first connection to the port; false if the signal ended that. */
export async function awaitConnection(port: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (hasConnection(port)) return true;
    await delay(POLL_MS);
  }
  return false;
}
