// `npm run soak`: the whole scenario against a server that fails now and then, for a long time. Does anything grow?
//
// Streams are cut, refused and fall silent, users leave. It writes docs/engine.json and its table in docs/engine.md.
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { UserError } from "../bench-runner/platform/user-error.ts";
import { choosePort } from "../bench-runner/servers/start/server-port.ts";
import type { JournalLine } from "../lib/core/request/facts.ts";
import { toVerdict } from "../lib/core/request/verdict.ts";
import { startNullServer } from "./null-server.ts";
import { buildPrograms, K6, SCENARIO } from "./programs.ts";
import { describeMachine, keep } from "./records.ts";
import { type SoakResult, soakTable, toTrends } from "./soak-report.ts";
import { type SoakSample, takeSample } from "./soak-watch.ts";

const USAGE = `Usage: npm run soak -- [--minutes 30] [--streams 200] [--dry]

--minutes  how long the load runs
--streams  clients, each with one stream at a time
--dry      docs/ stays as it is`;

/** 5 s a stream; of 100 requests 20 are cut, 10 refused, 2 fall silent and, of the others, a tenth is left by its user. */
const WORKLOAD = {
  tokens: 100,
  "first-token": "100ms",
  spread: "400ms",
  pace: "50ms",
  cut: 0.2,
  refuse: 0.1,
  stall: 0.02,
};
const OPTIONS = {
  SERVER_BENCH_IDLE_TIMEOUT: "2",
  SERVER_BENCH_ABORT_SHARE: "0.1",
  SERVER_BENCH_ABORT_AFTER_TOKENS: "20",
  // k6 keeps 8 bytes a sample of a Trend to its end: the gaps are in the journal.
  SERVER_BENCH_ITL_SAMPLES: "off",
};

/** So often, at least, k6 is looked at; and this often in a run, at most. */
const SAMPLE_EVERY_MS = 10_000;
const SAMPLES = 60;
/** For starting, and for the streams that are open at the end (k6 gives them 30 s). */
const GRACE_MS = 90_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "30" },
      streams: { type: "string", default: "200" },
      dry: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const [minutes, streams] = [toCount("--minutes", values.minutes), toCount("--streams", values.streams)];
  if (process.platform !== "linux") {
    throw new UserError("The soak run reads memory and open files from /proc: it needs Linux.");
  }
  await buildPrograms();
  const environment = await describeMachine();
  const measuredAt = new Date().toISOString();
  const result = await soak(minutes, streams);
  const tables = soakTable(result);
  console.log(`\n${tables}`);
  if (!values.dry) keep("soak", { measuredAt, minutes, repeats: 1, environment, result }, tables);
  const flat = Object.values(result.trends).every(({ isFlat }) => isFlat);
  console.log(`\n${flat ? "Flat" : "GROWING"}.`);
  if (!flat || !result.isAccountedFor) process.exitCode = 1;
}

function toCount(flag: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new UserError(`Expected \`${flag}\` to be a whole number above 0, got \`${text}\`.`);
}

async function soak(minutes: number, streams: number): Promise<SoakResult> {
  const folder = mkdtempSync(join(tmpdir(), "soak-"));
  const journal = join(folder, "records.jsonl");
  const longestMs = minutes * 60_000 + GRACE_MS;
  const server = await startNullServer(WORKLOAD, { longestMs });
  try {
    const address = `127.0.0.1:${await choosePort("127.0.0.1", undefined)}`;
    const log = { file: join(folder, "k6.log") };
    const run = ["run", "--quiet", "--no-color", "--profiling-enabled", "--address", address];
    const k6 = execa(K6, [...run, "--vus", String(streams), "--duration", `${minutes}m`, SCENARIO], {
      env: {
        ...OPTIONS,
        SERVER_BENCH_URL: server.url,
        SERVER_BENCH_JOURNAL: journal,
        SERVER_BENCH_QUIET: "1",
        K6_AUTO_EXTENSION_RESOLUTION: "false",
        K6_NO_USAGE_REPORT: "true",
      },
      stdin: "ignore",
      stdout: log,
      stderr: log,
      reject: false,
      timeout: longestMs,
    });
    const samples = await watch(k6.pid as number, k6, address, minutes * 60);
    const { exitCode } = await k6;
    const { requests: atServer } = await server.stop();
    const trends = toTrends(samples);
    if (exitCode !== 0 || trends === undefined) {
      throw new UserError(`k6 ended with ${exitCode} after ${samples.length} samples: see ${folder}/k6.log.`);
    }
    const { isWhole, count, byVerdict } = await readJournal(journal);
    // A request that the end of the run interrupted may not have reached the server.
    const unseen = count - atServer;
    rmSync(folder, { recursive: true });
    return {
      minutes,
      streams,
      trends,
      requests: { journal: count, server: atServer, byVerdict },
      isAccountedFor: isWhole && unseen >= 0 && unseen <= (byVerdict.interrupted ?? 0),
      samples,
    };
  } finally {
    await server.stop().catch(() => undefined);
  }
}

/** Samples up to the planned end: behind it the streams end one by one. */
async function watch(
  pid: number,
  end: Promise<unknown>,
  address: string,
  seconds: number,
): Promise<SoakSample[]> {
  const samples: SoakSample[] = [];
  let isOver = false;
  void end.then(() => {
    isOver = true;
  });
  const started = performance.now();
  const everyMs = Math.max(1000, Math.min(SAMPLE_EVERY_MS, (seconds * 1000) / SAMPLES));
  for (let turn = 1; !isOver; turn++) {
    const at = turn * everyMs;
    if (at > seconds * 1000) break;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, started + at - performance.now())));
    const sample = await takeSample(pid, address, Math.round(at / 1000));
    if (sample === undefined) continue;
    samples.push(sample);
    const { memoryMb, goroutines, descriptors } = sample;
    console.log(
      `${sample.seconds} s: ${memoryMb.toFixed(0)} MB, ${goroutines} goroutines, ${descriptors} open files`,
    );
  }
  return samples;
}

async function readJournal(path: string) {
  const byVerdict: Record<string, number> = {};
  let [count, highest, atEnd] = [0, 0, -1];
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const line = JSON.parse(text) as JournalLine;
    if (line.type === "end") atEnd = line.requests;
    if (line.type !== "request") continue;
    count++;
    highest = Math.max(highest, line.id);
    const verdict = toVerdict(line);
    byVerdict[verdict] = (byVerdict[verdict] ?? 0) + 1;
  }
  return { isWhole: count === highest && count === atEnd, count, byVerdict };
}

try {
  await main();
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
