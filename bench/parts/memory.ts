// Memory of k6 with many streams held at once, and what each client (VU) adds.
import { readdirSync, statSync } from "node:fs";
import { inProject } from "../../bench-runner/platform/project-root.ts";
import { UserError } from "../../bench-runner/platform/user-error.ts";
import type { ClientKind } from "../client.ts";
import { type PartContext, runTrial } from "../part.ts";
import { type Spread, toSpread } from "../spread.ts";

export interface MemoryFigures {
  streams: number;
  /** The most that the server had open at one time. */
  heldStreams: number;
  peakMb: Spread;
  /** (peak − peak with one stream) / streams. */
  kbPerStream: Spread;
  cpuSeconds: Spread;
}

export interface MemoryResult {
  figures: Record<string, MemoryFigures>;
  /** Bytes of each scenario bundle. */
  bundles: Record<string, number>;
}

interface Case {
  streams: number;
  gogc?: string;
  /** Default: the scenario. */
  kind?: ClientKind;
}

const CASES: Record<string, Case> = {
  "1": { streams: 1 },
  "1,000": { streams: 1000 },
  "1,000, GOGC=50": { streams: 1000, gogc: "50" },
  "1,000, GOGC=20": { streams: 1000, gogc: "20" },
  "1,000, script of 1 KB": { streams: 1000, kind: "burst" },
  "5,000": { streams: 5000 },
  "10,000": { streams: 10_000 },
};

const QUICK_CASES: Record<string, Case> = { "1": { streams: 1 }, "200": { streams: 200 } };

/** Streams long enough, and slow enough, that all are open at once before the first ends. */
function workloadFor(streams: number) {
  // Starting 10,000 clients takes k6 several seconds; a token a second keeps 2 cores free for that.
  const seconds = 5 + Math.ceil(streams / 500);
  return { tokens: seconds, pace: "1s", "first-token": "1s", spread: "1s" };
}

export async function runMemory(context: PartContext): Promise<MemoryResult> {
  const cases = context.isQuick ? QUICK_CASES : CASES;
  checkFileLimit(Math.max(...Object.values(cases).map(({ streams }) => streams)));
  const peaks: Record<string, number[]> = {};
  const cpu: Record<string, number[]> = {};
  const held: Record<string, number> = {};
  for (let repeat = 0; repeat < context.repeats; repeat++) {
    for (const [name, { streams, gogc, kind = "record" }] of Object.entries(cases)) {
      const { client, server } = await runTrial({
        kind,
        workload: workloadFor(streams),
        load: { streams, requests: streams, ...(gogc !== undefined && { env: { GOGC: gogc } }) },
      });
      peaks[name] = [...(peaks[name] ?? []), client.maxRssBytes / 1e6];
      cpu[name] = [...(cpu[name] ?? []), client.cpuSeconds];
      held[name] = Math.min(held[name] ?? Number.POSITIVE_INFINITY, server.peakStreams);
      context.say(`${name}: ${(client.maxRssBytes / 1e6).toFixed(0)} MB, ${server.peakStreams} held at once`);
    }
  }
  const base = toSpread(peaks["1"] as number[]).median;
  const figures = Object.entries(cases).map(([name, { streams }]) => {
    const values = peaks[name] as number[];
    return [
      name,
      {
        streams,
        heldStreams: held[name] as number,
        peakMb: toSpread(values),
        kbPerStream: toSpread(values.map((value) => ((value - base) / streams) * 1000)),
        cpuSeconds: toSpread(cpu[name] as number[]),
      },
    ];
  });
  return { figures: Object.fromEntries(figures) as Record<string, MemoryFigures>, bundles: readBundles() };
}

/** Client and server each need a descriptor a stream, and a few dozen more. */
function checkFileLimit(streams: number): void {
  const report = process.report?.getReport() as { userLimits?: Record<string, { soft: string }> } | undefined;
  const limit = Number(report?.userLimits?.open_files?.soft);
  if (Number.isFinite(limit) && limit < streams + 100) {
    throw new UserError(
      `${streams} streams need ${streams + 100} open files, the limit is ${limit}: run \`ulimit -n ${streams + 100}\` first.`,
    );
  }
}

function readBundles(): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const folder of ["dist", "dist/parts"]) {
    for (const name of readdirSync(inProject(folder))) {
      if (name.endsWith(".js")) sizes[`${folder}/${name}`] = statSync(inProject(folder, name)).size;
    }
  }
  return sizes;
}
