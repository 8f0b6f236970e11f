// The formats of `export`, one row each: which files a run is exported to, and their content.
import { RUN_FILES, toScenarioName } from "../../run-folder/run-files.ts";
import type { Summary } from "../../summary/summary.ts";
import { toBenchLines, toBenchReport, toBenchSummaryCsv } from "./bench-jsonl.ts";
import type { ExportRun } from "./export-run.ts";
import { toFields } from "./layout-field.ts";
import { NO_SLO, REPORT_JSON_FIELDS } from "./layout-fields.ts";
import { toRecordsCsv } from "./records-csv.ts";
import { readReportFigures } from "./report-figures.ts";
import { RESULT_DIR_FIELDS } from "./result-dir-fields.ts";
import { readRowPrompts } from "./row-prompts.ts";

export type Content = AsyncIterable<string | Uint8Array>;

export interface ExportFile {
  /** Relative to the folder of the export, with `/`. */
  path: string;
  content(): Content;
}

export interface ExportFormat {
  description: string;
  /** The files of a run; nothing is read before the content is requested. */
  files(run: ExportRun): ExportFile[];
  /** A note about what the files lack. */
  note?: (summary: Summary) => string | undefined;
}

/** One text, made when it is written. */
async function* once(make: () => Promise<string>): Content {
  yield await make();
}

const toJson = (fields: object) => `${JSON.stringify(fields, null, 2)}\n`;

/** "20260102_030405", UTC. */
function toDate({ input }: ExportRun): string {
  return new Date(input.outcome.startedUnixMs)
    .toISOString()
    .slice(0, 19)
    .replaceAll(/[-:]/g, "")
    .replace("T", "_");
}

/** A part of a file name; `_` separates parts, so no part contains one. */
function toPart(text: string): string {
  const part = text.replace(/[^A-Za-z0-9.-]+/g, "-").replace(/^[-.]+|-+$/g, "");
  return part.slice(0, 60) || "unknown";
}

function toBenchIdentity(run: ExportRun) {
  const { config } = run.input;
  const target = config.serverUrl.replace(/^\w+:\/\//, "");
  const model = String(config.values.modelAlias ?? "unknown");
  const workload = toScenarioName(config.scenario);
  return { target, model, workload, date: toDate(run) };
}

function toBenchFiles(run: ExportRun): ExportFile[] {
  const { target, model, workload, date } = toBenchIdentity(run);
  const name = ["bench", ...[target, model, workload].map(toPart), date].join("_");
  const prompts = run.folder.file(RUN_FILES.prompts);
  return [
    {
      path: `results/raw/${name}.jsonl`,
      content: async function* () {
        yield* toBenchLines(run.records(), model, await readRowPrompts(prompts));
      },
    },
    {
      path: `results/summary/${name}.csv`,
      content: () => once(async () => toBenchSummaryCsv(await run.summary())),
    },
    {
      path: "results/reports/benchmark_report.md",
      content: () =>
        once(async () => {
          const rows = Object.entries({ target, model, workload, date }) as [string, string][];
          return toBenchReport(await run.summary(), rows);
        }),
    },
  ];
}

/** Every format by the name that `--format` takes. */
export const FORMATS = {
  csv: {
    description: "one row per request: labels, verdict, times, derived values",
    files: (run) => [{ path: "requests.csv", content: () => toRecordsCsv(run.records()) }],
  },
  parquet: {
    description: "the same rows, typed",
    files: (run) => [
      {
        path: "requests.parquet",
        content: async function* () {
          const { toRecordsParquet } = await import("./records-parquet.ts");
          yield* toRecordsParquet(run.records());
        },
      },
    ],
  },
  junit: {
    description: "thresholds as test cases, warnings as skipped test cases (JUnit XML)",
    files: (run) => [
      {
        path: "junit.xml",
        content: () =>
          once(async () => {
            // Its package takes a tenth of the runner's start: only those who want it load it.
            const { toJunit } = await import("./junit.ts");
            return toJunit(await run.summary(), run.input.k6Summary);
          }),
      },
    ],
  },
  "report-json": {
    description: "report_ID.json: counts, TTFT, SLO, E2E / tokens, peak throughput of the run",
    files: (run) => [
      {
        path: `report_${run.id}.json`,
        content: () =>
          once(async () => {
            const summary = await run.summary();
            const figures = await readReportFigures(run.records(), summary.window);
            return toJson(toFields(REPORT_JSON_FIELDS, { summary, figures }));
          }),
      },
    ],
    note: ({ goodput }) => (goodput === undefined ? NO_SLO : undefined),
  },
  "bench-jsonl": {
    description: "results/raw (one line per request), results/summary (CSV), results/reports (Markdown)",
    files: toBenchFiles,
  },
  "result-dir": {
    description: "result/DATE/metrics.json: qps, o_tps, io_tps, lengths, TTFT, TPOT, E2E_TIME, ITL",
    files: (run) => [
      {
        path: `result/${toDate(run)}/metrics.json`,
        content: () => once(async () => toJson(toFields(RESULT_DIR_FIELDS, await run.summary()))),
      },
    ],
  },
} as const satisfies Record<string, ExportFormat>;

export type FormatName = keyof typeof FORMATS;
export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[];
