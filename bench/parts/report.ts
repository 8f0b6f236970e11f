// What making the results of a run of a million requests takes: `report`, and the export that reads the most.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { inProject } from "../../bench-runner/platform/project-root.ts";
import { UserError } from "../../bench-runner/platform/user-error.ts";
import { writeMadeRun } from "../made-run.ts";
import type { PartContext } from "../part.ts";
import { type Spread, toSpread } from "../spread.ts";

/** What a command took. */
export interface CommandFigures {
  seconds: Spread;
  cpuSeconds: Spread;
  /** Peak of resident memory, as the kernel counts it. */
  peakMb: Spread;
}

export interface ReportResult {
  requests: number;
  /** Size of the journal. */
  megabytes: number;
  /** By command. */
  figures: Record<string, CommandFigures>;
}

/** What each command may take for a million requests, where there is an aim. */
export const REPORT_TARGETS: Record<string, { seconds?: number; peakMb: number }> = {
  report: { seconds: 20, peakMb: 500 },
  "export --format bench-jsonl": { peakMb: 500 },
};

const COMMANDS: Record<string, (folder: string) => string[]> = {
  report: (folder) => ["report", "--quiet", folder],
  "export --format bench-jsonl": (folder) => ["export", "--format", "bench-jsonl", "--force", folder],
};

/** What a child prints about itself at its end, on its last line: wall clock and CPU in seconds, peak in MB. */
const WATCH = `
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  console.log(JSON.stringify({ seconds: process.uptime(), cpuSeconds, peakMb: maxRSS * 1024 / 1e6 }));
});`;

type Usage = Record<keyof CommandFigures, number>;

/** Journal and results lie in the folder for temporary files: 1.2 GB, and as much again while exporting. */
export async function runReport(context: PartContext): Promise<ReportResult> {
  const requests = context.isQuick ? 20_000 : 1_000_000;
  const folder = mkdtempSync(join(tmpdir(), "bench-report-"));
  try {
    writeMadeRun(folder, requests);
    const usages: Record<string, Usage[]> = {};
    for (let repeat = 0; repeat < context.repeats; repeat++) {
      for (const [name, argsOf] of Object.entries(COMMANDS)) {
        const usage = await measure(argsOf(folder));
        usages[name] = [...(usages[name] ?? []), usage];
        context.say(`${name}: ${usage.seconds.toFixed(1)} s, ${usage.peakMb.toFixed(0)} MB`);
      }
    }
    const figures = Object.entries(usages).map(([name, list]) => {
      const of = (key: keyof Usage) => toSpread(list.map((usage) => usage[key]));
      return [name, { seconds: of("seconds"), cpuSeconds: of("cpuSeconds"), peakMb: of("peakMb") }] as const;
    });
    const megabytes = statSync(join(folder, "records.jsonl")).size / 1e6;
    return { requests, megabytes, figures: Object.fromEntries(figures) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the built runner, as users do. */
async function measure(args: readonly string[]): Promise<Usage> {
  const bundle = inProject("dist", "bench-runner.mjs");
  const watch = `data:text/javascript,${encodeURIComponent(WATCH)}`;
  const { failed, stdout, stderr } = await execa(process.execPath, ["--import", watch, bundle, ...args], {
    reject: false,
  });
  if (failed) throw new UserError(`\`${args.join(" ")}\` failed: ${stderr.split("\n").at(-1)}`);
  return JSON.parse(stdout.split("\n").at(-1) ?? "") as Usage;
}
