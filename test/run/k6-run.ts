// One run of the real k6, bounded in time: what it printed, how it ended, and the files that it left.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { K6SummaryData } from "../../lib/core/goals/console-summary.ts";
import type { JournalLine, RequestLine } from "../../lib/core/request/facts.ts";

const root = new URL("../..", import.meta.url).pathname;

/** The project's own k6, or the one that BENCH_K6_BIN_PATH names. */
export const ownK6: string = process.env.BENCH_K6_BIN_PATH || join(root, "bin/k6");
/** k6 with a stand-in for the community extension. */
export const standinK6: string = join(root, "bin/k6-standin");
/** The bundle of the classic scenario. */
export const classicScript: string = join(root, "dist/script.js");

export interface K6RunOptions {
  /** Default: the project's own k6. */
  k6?: string;
  /** Default: the classic scenario. */
  script?: string;
  args?: readonly string[];
  /** Instead of the environment's own SERVER_BENCH_* and K6_* variables. */
  env?: Record<string, string>;
  /** Then k6 is killed (default 60 s). */
  limitMs?: number;
  /** Called with k6's process id when k6 has started. */
  whileRunning?: (pid: number) => Promise<void>;
}

export interface K6Run {
  /** Undefined where a signal ended k6. */
  exitCode: number | undefined;
  /** The time limit ended it. */
  hung: boolean;
  /** stdout and stderr, as they came. */
  output: string;
  /** The journal; empty where there is none. */
  lines: JournalLine[];
  /** Its requests, in the order in which they ended. */
  requests: RequestLine[];
  /** k6's own summary, where it wrote one. */
  summary: K6SummaryData | undefined;
}

/** An empty folder of this process, removed at its end. */
export function makeFolder(): string {
  const base = join(tmpdir(), `server-bench-test-${process.pid}`);
  if (!existsSync(base)) {
    mkdirSync(base);
    process.once("exit", () => rmSync(base, { recursive: true, force: true }));
  }
  return mkdtempSync(join(base, "run-"));
}

/** Runs `k6 run SCRIPT ARGS` to its end. @throws Error where k6 or the script has not been built */
export async function runK6(options: K6RunOptions = {}): Promise<K6Run> {
  const { k6 = ownK6, script = classicScript, args = [], env = {}, limitMs = 60_000 } = options;
  for (const path of [k6, script]) {
    if (!existsSync(path)) throw new Error(`${path} is not there. Run \`npm test -- e2e\`, which builds it.`);
  }
  const folder = makeFolder();
  const journal = join(folder, "records.jsonl");
  const summary = join(folder, "k6-summary.json");
  const child = execa(k6, ["run", ...args, script], {
    cwd: folder,
    env: {
      ...foreignVariables(),
      PWD: folder,
      K6_AUTO_EXTENSION_RESOLUTION: "false",
      K6_NO_USAGE_REPORT: "true",
      SERVER_BENCH_JOURNAL: journal,
      SERVER_BENCH_K6_SUMMARY: summary,
      ...env,
    },
    extendEnv: false,
    reject: false,
    all: true,
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  try {
    if (child.pid !== undefined) await options.whileRunning?.(child.pid);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  const result = await child;
  const lines = existsSync(journal) ? readJournalText(readFileSync(journal, "utf8")) : [];
  return {
    exitCode: result.exitCode,
    hung: result.timedOut,
    output: result.all,
    lines,
    requests: lines.filter((line) => line.type === "request"),
    summary: existsSync(summary) ? (JSON.parse(readFileSync(summary, "utf8")) as K6SummaryData) : undefined,
  };
}

/** How a run ended: small enough to be shown when it is not as expected. */
export function endOf({ exitCode, hung }: K6Run): Pick<K6Run, "exitCode" | "hung"> {
  return { exitCode, hung };
}

/** The environment without what would configure the load. */
function foreignVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || /^(SERVER_BENCH_|K6_)/.test(name) ? [] : [[name, value]],
    ),
  );
}

/** Strict on purpose: a torn or malformed line fails the test. */
export function readJournalText(text: string): JournalLine[] {
  if (!text.endsWith("\n")) throw new Error(`The journal's last line is torn: ${text.slice(-200)}`);
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line) as JournalLine);
}

/** What k6 printed as errors: the messages of its log lines, also of those without a log's form. */
export function errorLines(output: string): string[] {
  return output.split("\n").flatMap((line) => {
    const found = /level=error msg=("(?:[^"\\]|\\.)*"|\S+)/.exec(line)?.[1];
    if (found === undefined) return [];
    return [found.startsWith('"') ? (JSON.parse(found) as string) : found];
  });
}
