// The benchmark's results as Markdown tables. Pure.
import type { BurstResult } from "./parts/burst.ts";
import type { CpuResult } from "./parts/cpu.ts";
import type { MemoryResult } from "./parts/memory.ts";
import type { PriorityResult } from "./parts/priority.ts";
import type { PromptsResult } from "./parts/prompts.ts";
import { REPORT_TARGETS, type ReportResult } from "./parts/report.ts";
import type { ScheduleResult } from "./parts/schedule.ts";
import type { StampsResult } from "./parts/stamps.ts";
import type { StarvedResult } from "./parts/starved.ts";
import type { VllmFigures, VllmResult } from "./parts/vllm.ts";
import type { Spread } from "./spread.ts";

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** "1.53 (1.47–1.60)": median and range. */
export function show(spread: Spread | undefined, digits: number, factor = 1): string {
  if (spread === undefined) return "–";
  const text = (value: number) => {
    const fixed = (value * factor).toFixed(digits);
    return Number(fixed) === 0 ? (0).toFixed(digits) : fixed;
  };
  if (spread.values.length === 1) return text(spread.median);
  return `${text(spread.median)} (${text(spread.least)}…${text(spread.most)})`;
}

export function cpuTable({ microsPerEvent, ratios, foreignShare }: CpuResult): string {
  return [
    table(
      ["client", "CPU µs per event"],
      Object.entries(microsPerEvent).map(([name, spread]) => [name, show(spread, 2)]),
    ),
    table(
      ["ratio", "median (range)"],
      Object.entries(ratios).map(([name, spread]) => [name, show(spread, 2)]),
    ),
    `CPU used by other programs: ${show(foreignShare, 1, 100)} % of the cores.`,
  ].join("\n\n");
}

export function stampsTable({ figures }: StampsResult): string {
  const rows = Object.entries(figures);
  return [
    table(
      [
        "streams",
        "stamp error p50, all, ms",
        "p99, all, ms",
        "p50, unmerged, ms",
        "p99, unmerged, ms",
        "merged, %",
        "merged though sent ≥ 1 ms apart, %",
        "crowded at the server, %",
        "uncertainty of the true time, p99, ms",
      ],
      rows.map(([name, f]) => [
        name,
        show(f.errorP50, 3),
        show(f.errorP99, 3),
        show(f.unmergedErrorP50, 3),
        show(f.unmergedErrorP99, 3),
        show(f.mergedShare, 2, 100),
        show(f.lateMergedShare, 2, 100),
        show(f.crowdedShare, 2, 100),
        show(f.truthWidthP99, 2),
      ]),
    ),
    table(
      [
        "streams",
        "ITL mean error, %",
        "ITL p1 error, ms",
        "ITL p99 error, ms",
        "lag mean, ms",
        "lag max, ms",
        "other programs' CPU, %",
      ],
      rows.map(([name, f]) => [
        name,
        show(f.itlMeanShare, 3, 100),
        show(f.itlP1, 3),
        show(f.itlP99, 3),
        show(f.lagMeanMs, 2),
        show(f.lagMaxMs, 1),
        show(f.foreignShare, 1, 100),
      ]),
    ),
  ].join("\n\n");
}

export function burstTable({ streams, figures }: BurstResult): string {
  return table(
    [
      `${streams.toLocaleString("en")} streams at once`,
      "TTFT p50 client / server, ms",
      "p99 client / server, ms",
      "error p50, ms",
      "error p99, ms",
      "connect p50, ms",
      "requests arrived over, ms",
    ],
    Object.entries(figures).map(([name, f]) => [
      name,
      `${show(f.clientP50, 1)} / ${show(f.serverP50, 1)}`,
      `${show(f.clientP99, 1)} / ${show(f.serverP99, 1)}`,
      show(f.errorP50, 2),
      show(f.errorP99, 2),
      show(f.connectP50, 1),
      show(f.arrivals, 0),
    ]),
  );
}

export function memoryTable({ figures, bundles }: MemoryResult): string {
  return [
    table(
      ["streams", "peak concurrent", "peak memory, MB", "KB per stream", "CPU, s"],
      Object.entries(figures).map(([name, f]) => [
        name,
        f.heldStreams.toLocaleString("en"),
        show(f.peakMb, 0),
        f.streams === 1 ? "–" : show(f.kbPerStream, 0),
        show(f.cpuSeconds, 1),
      ]),
    ),
    table(
      ["bundle", "KB"],
      Object.entries(bundles).map(([name, bytes]) => [`\`${name}\``, (bytes / 1024).toFixed(1)]),
    ),
  ].join("\n\n");
}

export function scheduleTable(result: ScheduleResult): string {
  return table(
    ["arrivals", "late p50, ms", "late p99, ms", "late max, ms", "rate error, %", "total arrivals"],
    Object.entries(result).map(([name, f]) => [
      name,
      show(f.delayP50, 3),
      show(f.delayP99, 2),
      show(f.delayMax, 1),
      show(f.rateOff, 3),
      f.arrivals.toLocaleString("en"),
    ]),
  );
}

export function promptsTable(result: PromptsResult): string {
  const { prompts, clients, megabytes } = result;
  return [
    table(
      [`${prompts.toLocaleString("en")} prompts, ${megabytes.toFixed(0)} MB`, "median (range)"],
      [
        ["read and filter the dataset (once), s", show(result.prepareMs, 1, 0.001)],
        ["choose and write the rows of a run, s", show(result.chooseMs, 1, 0.001)],
        [`k6 start until ${clients} clients have sent, s`, show(result.startMs, 2, 0.001)],
        ["peak memory of k6, MB", show(result.peakMb, 0)],
      ],
    ),
    table(
      ["characters per prompt", "parse one row, µs"],
      Object.entries(result.rowMicros).map(([size, spread]) => [size, show(spread, 0)]),
    ),
  ].join("\n\n");
}

export function reportTable({ requests, megabytes, figures }: ReportResult): string {
  const share = (spread: Spread, target?: number) =>
    target === undefined ? "–" : show(spread, 2, 1 / target);
  return table(
    [
      `${requests.toLocaleString("en")} requests, ${megabytes.toFixed(0)} MB`,
      "wall clock, s",
      "of target",
      "CPU, s",
      "peak memory, MB",
      "of target",
    ],
    Object.entries(figures).map(([name, f]) => [
      `\`${name}\``,
      show(f.seconds, 1),
      share(f.seconds, REPORT_TARGETS[name]?.seconds),
      show(f.cpuSeconds, 1),
      show(f.peakMb, 0),
      share(f.peakMb, REPORT_TARGETS[name]?.peakMb),
    ]),
  );
}

export function priorityTable({ figures }: PriorityResult): string {
  const rows = Object.entries(figures).flatMap(([server, byPriority]) =>
    Object.entries(byPriority).map(([name, f]) => [
      server,
      name,
      show(f.eventsPerSecond, 0),
      show(f.ratio, 3),
      show(f.ttftP99, 1),
      show(f.gapP99, 1),
      show(f.clientCpuSeconds, 1),
    ]),
  );
  const heads = ["server", "k6", "tokens/s", "relative to none", "TTFT p99, ms", "gap p99, ms", "k6 CPU, s"];
  return table(heads, rows);
}

export function starvedTable({ figures }: StarvedResult): string {
  const heads = [
    "client",
    "TTFT p50 client / server, ms",
    "p99 client / server, ms",
    "ITL p50 client / server, ms",
    "stamp error p99, ms",
    "merged though sent ≥ 1 ms apart, %",
    "lag max, ms",
  ];
  const rows = Object.entries(figures).map(([name, f]) => [
    name,
    `${show(f.clientTtftP50, 1)} / ${show(f.serverTtftP50, 1)}`,
    `${show(f.clientTtftP99, 1)} / ${show(f.serverTtftP99, 1)}`,
    `${show(f.clientItlP50, 2)} / ${show(f.serverItlP50, 2)}`,
    show(f.errorP99, 3),
    show(f.mergedShare, 2, 100),
    show(f.lagMaxMs, 0),
  ]);
  return table(heads, rows);
}

export function vllmTable({ figures }: VllmResult): string {
  const heads = [
    "client",
    "TTFT p50, ms",
    "vLLM's own",
    "TTFT p99, ms",
    "vLLM's own",
    "ITL p50, ms",
    "vLLM's own",
    "ITL p99, ms",
    "vLLM's own",
    "merged, %",
  ];
  const rows = Object.entries(figures).map(([name, f]) => [
    name,
    ...(["ttftP50", "ttftP99", "itlP50", "itlP99"] as const).flatMap((key) => [
      show(f[key], key.startsWith("ttft") ? 1 : 2),
      showBucket(f.server[key]),
    ]),
    show(f.mergedShare, 2, 100),
  ]);
  return table(heads, rows);
}

/** From the least lower end to the greatest upper end over the repeats. */
function showBucket({ above, upTo }: VllmFigures["server"]["ttftP50"]): string {
  return `${Number(above.least.toPrecision(6))}–${Number(upTo.most.toPrecision(6))}`;
}
