// The formats of `export`, one row each: which files a run is exported to, and their content.
import type { Summary } from "../../summary/summary.ts";
import { toLineTexts } from "./bench/bench-lines.ts";
import { toBenchFileName, toBenchNames, toDate } from "./bench/bench-names.ts";
import { toBenchReport } from "./bench/bench-report.ts";
import { summarizeBench, toBenchSummaryCsv } from "./bench/bench-summary.ts";
import { REPORT_PATH, readRunLines, readSummaries, toResultsFolder } from "./bench/results-folder.ts";
import type { ExportRun } from "./export-run.ts";
import { toFields } from "./layout-field.ts";
import { NO_SLO, REPORT_JSON_FIELDS } from "./layout-fields.ts";
import { toRecordsCsv } from "./records-csv.ts";
import { readReportFigures } from "./report-figures.ts";
import { RESULT_DIR_FIELDS } from "./result-dir-fields.ts";
import { toTaskCsv } from "./task-csv.ts";
import type { Content } from "./write-file.ts";

export interface ExportFile {
  /** Relative to the folder of the export, with `/`. */
  path: string;
  /** @param path its absolute path: the files before it are written already */
  content(path: string): Content;
  /** It is made from what is there of other runs, too, and so may replace an earlier one. */
  accumulates?: true;
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

function toBenchFiles(run: ExportRun): ExportFile[] {
  const names = toBenchNames(run);
  const name = toBenchFileName(names);
  return [
    { path: `results/raw/${name}.jsonl`, content: () => toLineTexts(readRunLines(run)) },
    {
      path: `results/summary/${name}.csv`,
      content: () => once(async () => toBenchSummaryCsv(await summarizeBench(readRunLines(run), names))),
    },
    {
      path: `results/${REPORT_PATH}`,
      accumulates: true,
      content: (path) => once(async () => toBenchReport(readSummaries(toResultsFolder(path)))),
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
    description:
      "results/raw (one line per request), results/summary (CSV), results/reports (Markdown, of all runs there)",
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
  "task-csv": {
    description: "tasks.csv: latency, P2FT (TTFT), tokens/s, throughput and memory by task",
    files: (run) => [{ path: "tasks.csv", content: () => once(async () => toTaskCsv(await run.summary())) }],
  },
} as const satisfies Record<string, ExportFormat>;

export type FormatName = keyof typeof FORMATS;
export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[];
