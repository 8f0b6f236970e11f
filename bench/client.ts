// Runs a client against a null server, and reads from the kernel what it used.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { UserError } from "../bench-runner/platform/user-error.ts";
import type { StampSource } from "../lib/core/request/facts.ts";
import type { NullServer } from "./null-server.ts";
import { BURST_SCRIPT, FLOOR, K6, MEASURE, OPEN_LOOP, OPEN_SCRIPT, pinned, SCENARIO } from "./programs.ts";

/**
 * `burst` is `record` in a script that sends everything at one moment, twice; `schedule` is `record` in the open-loop
 * scenario, whose load is in the environment.
 */
export type ClientKind = "floor" | "record" | "open" | "burst" | "schedule";

export interface Load {
  streams: number;
  requests: number;
  /** A folder of this run alone. */
  folder: string;
  /** The real scenario writes a journal; the floor only where it is asked to. Default: true for record. */
  journal?: boolean;
  /** Where times of tokens come from; default: the best that k6 may use. */
  stamps?: StampSource;
  /** How k6 comes before other programs; default: it does not. */
  priority?: "realtime" | "autogroup" | "none";
  /** Its session: that of the benchmark and its server, its own, or its own with the least share of a core. */
  session?: "shared" | "own" | "least";
  core?: number;
  /** Further environment, such as GOGC. */
  env?: Record<string, string>;
  /** Further arguments of k6. */
  k6Args?: readonly string[];
}

export interface ClientUse {
  cpuSeconds: number;
  maxRssBytes: number;
  seconds: number;
  exitCode: number;
}

/** Where a run's journal is. */
export const journalOf = (folder: string): string => join(folder, "records.jsonl");

const LONGEST_MS = 900_000;

/** Runs a client to its end. @throws UserError where it fails */
export async function runClient(kind: ClientKind, server: NullServer, load: Load): Promise<ClientUse> {
  const result = join(load.folder, "use.json");
  const journal = load.journal ?? (kind === "record" || kind === "burst");
  const command = kind === "floor" ? floorCommand(server, load, journal) : k6Command(kind, load);
  const child = await execa(MEASURE, [result, ...inSession(load.session), ...pinned(load.core), ...command], {
    env: {
      SERVER_BENCH_URL: server.url,
      STREAMS: String(load.streams),
      ...(journal && { SERVER_BENCH_JOURNAL: journalOf(load.folder) }),
      ...(load.stamps && { SERVER_BENCH_STAMPS: load.stamps }),
      SERVER_BENCH_CLIENT_PRIORITY: load.priority ?? "none",
      K6_AUTO_EXTENSION_RESOLUTION: "false",
      K6_NO_USAGE_REPORT: "true",
      K6_INSECURE_SKIP_TLS_VERIFY: "true",
      ...load.env,
    },
    stdin: "ignore",
    all: true,
    reject: false,
    timeout: LONGEST_MS,
  });
  if (child.failed) {
    throw new UserError(
      `The client \`${kind}\` failed (exit ${child.exitCode}):\n${String(child.all).slice(-2000)}`,
    );
  }
  return JSON.parse(readFileSync(result, "utf8")) as ClientUse;
}

/** What starts a program in a session of its own, without another process in between. */
export function inSession(session: Load["session"] = "shared"): string[] {
  if (session === "shared") return [];
  if (session === "own") return ["setsid"];
  return ["setsid", "sh", "-c", 'echo 19 > /proc/self/autogroup; exec "$@"', "sh"];
}

function floorCommand(server: NullServer, load: Load, journal: boolean): string[] {
  return [
    FLOOR,
    ...["--streams", String(load.streams), "--requests", String(load.requests)],
    ...(journal ? ["--journal", journalOf(load.folder)] : []),
    `${server.url}/chat/completions`,
  ];
}

function k6Command(kind: ClientKind, load: Load): string[] {
  const common = [K6, "run", "--quiet", "--no-color", "--address", "127.0.0.1:0"];
  if (kind === "burst") return [...common, BURST_SCRIPT];
  if (kind === "schedule") return [...common, OPEN_LOOP];
  return [
    ...common,
    ...["--vus", String(load.streams), "--iterations", String(load.requests)],
    ...(load.k6Args ?? []),
    kind === "open" ? OPEN_SCRIPT : SCENARIO,
  ];
}
