// Starts and stops the null server.
import { createInterface } from "node:readline";
import { execa } from "execa";
import { UserError } from "../bench-runner/platform/user-error.ts";
import { NULL_SERVER, pinned } from "./programs.ts";

/** How requests are answered: the server's flags. Times as Go writes them ("20ms"). */
export interface Workload {
  tokens: number;
  "events-per-write"?: number;
  "tokens-per-event"?: number;
  "first-token"?: string;
  spread?: string;
  pace?: string;
  /** Shares of the requests that meet a fault. */
  cut?: number;
  refuse?: number;
  stall?: number;
}

export interface ServerSettings {
  /** File for the truth. */
  log?: string;
  protocol?: "http1" | "tls" | "http2";
  core?: number;
  /** Then it is ended (default 15 minutes). */
  longestMs?: number;
}

/** What a server prints at its end. */
export interface ServerReport {
  requests: number;
  connections: number;
  /** With tokens. */
  events: number;
  writes: number;
  peakStreams: number;
  cpuSeconds: number;
  maxRssBytes: number;
}

export interface NullServer {
  /** Ends with /v1. */
  url: string;
  stop(): Promise<ServerReport>;
}

const LONGEST_MS = 900_000;

/** One core is enough for it, and leaves the other to the client. */
const GO_SETTINGS = { GOMAXPROCS: "1" };

export async function startNullServer(
  workload: Workload,
  settings: ServerSettings = {},
): Promise<NullServer> {
  const flags = Object.entries(workload).flatMap(([name, value]) => [`--${name}`, String(value)]);
  if (settings.log !== undefined) flags.push("--log", settings.log);
  if (settings.protocol === "tls") flags.push("--tls");
  if (settings.protocol === "http2") flags.push("--http2");
  const [program = NULL_SERVER, ...rest] = [...pinned(settings.core), NULL_SERVER, ...flags];
  const child = execa(program, rest, {
    env: GO_SETTINGS,
    stdin: "ignore",
    buffer: { stdout: false },
    timeout: settings.longestMs ?? LONGEST_MS,
    reject: false,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done) throw new UserError(`The null server did not work: ${(await child).stderr}`);
    return JSON.parse(value) as T;
  };
  const { url } = await next<{ url: string }>();
  return {
    url,
    stop: async () => {
      child.kill("SIGTERM");
      const report = await next<ServerReport>();
      await child;
      return report;
    },
  };
}
