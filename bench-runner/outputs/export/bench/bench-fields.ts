// The fields of the layout `bench-jsonl`: those of a raw line, and those of a summary.
import type { LayoutField } from "../layout-field.ts";
import type { RecordView } from "../record-view.ts";
import type { BenchNames } from "./bench-names.ts";

/** One request, with what the journal does not contain. */
export interface LineSource {
  record: RecordView;
  names: BenchNames;
  prompt: string | undefined;
  /** Those of the run, with its first request. */
  warnings?: readonly string[] | undefined;
}

const inSeconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000);
const isComplete = ({ record }: LineSource) => record.details.verdict === "complete";
/** The value of a successful request; a failed one has no latency. */
const ifComplete = (of: (source: LineSource) => unknown) => (source: LineSource) =>
  isComplete(source) ? of(source) : undefined;

/** P95 and P99 are the slow end for times and for rates alike: 95 % and 99 % of the requests were at least as fast. */
export interface BenchStatistics {
  mean: number;
  median: number;
  p95: number;
  p99: number;
}

/** The figures of one run's lines. Times and rates come from those that succeeded; absent where no line has one. */
export interface BenchFigures {
  requests: number;
  succeeded: number;
  /** Seconds. */
  ttft?: BenchStatistics;
  /** Seconds. */
  totalTime?: BenchStatistics;
  tokensPerSecond?: BenchStatistics;
}

export const BENCH_JSONL_FIELDS: readonly LayoutField<LineSource>[] = [
  {
    name: "timestamp",
    unit: "Unix s",
    formula: "time sent, or start if nothing was sent",
    note: "`timestamp` + `ttft` is the moment of the first token",
    of: ({ record: { line, epochUnixMs } }) =>
      epochUnixMs === undefined ? undefined : (epochUnixMs + (line.sentMs ?? line.startMs)) / 1000,
  },
  {
    name: "model",
    unit: "",
    formula: "the requested model",
    of: ({ names: { model } }) => model,
  },
  {
    name: "prompt",
    unit: "",
    formula: "the text of the row, or of the turn in a conversation",
    note: "absent if it was generated when sent, or is not in the run folder",
    of: ({ prompt }) => prompt,
  },
  {
    name: "ttft",
    unit: "s",
    formula: "first token − sent",
    note: "the layout's definition includes connecting, and takes the first line of the answer for a token",
    of: ifComplete(({ record }) => inSeconds(record.details.ttftMs)),
  },
  {
    name: "total_time",
    unit: "s",
    formula: "end of the stream − sent",
    of: ifComplete(({ record }) => inSeconds(record.details.e2eMs)),
  },
  {
    name: "input_tokens",
    unit: "tokens",
    formula: "prompt tokens of usage",
    of: ({ record }) => record.details.promptTokens,
  },
  {
    name: "output_tokens",
    unit: "tokens",
    formula: "completion tokens of usage, otherwise the number of token events",
    of: ifComplete(({ record }) => record.details.completionTokens),
  },
  {
    name: "tokens_per_sec",
    unit: "tokens/s",
    formula: "`output_tokens` / `total_time`",
    of: ifComplete(({ record }) => record.details.generationTokensPerSecond),
  },
  {
    name: "success",
    unit: "",
    formula: "the verdict is `complete`",
    note: "a failed request has no latencies and no rates here, so averages over the file cover complete answers only",
    of: isComplete,
  },
  {
    name: "target",
    unit: "",
    formula: "the name of the target, else the server's address",
    note: "with the next two: what the summary of a file needs, so that it can be made from the file alone",
    of: ({ names: { target } }) => target,
  },
  {
    name: "workload",
    unit: "",
    formula: "the name of the workload, else the scenario",
    of: ({ names: { workload } }) => workload,
  },
  { name: "run", unit: "", formula: "the name of the run folder", of: ({ names: { run } }) => run },
  {
    name: "warnings",
    unit: "",
    formula: "the warnings of the run, a list of texts",
    note: "on the first line of a run that has some",
    of: ({ warnings }) => warnings,
  },
];

/** A row of the layout's summary table. */
export const BENCH_SUMMARY_FIELDS: readonly LayoutField<BenchFigures>[] = [
  {
    name: "TTFT (ms)",
    unit: "ms",
    formula: "`ttft` × 1000",
    of: ({ ttft }) =>
      ttft && {
        mean: ttft.mean * 1000,
        median: ttft.median * 1000,
        p95: ttft.p95 * 1000,
        p99: ttft.p99 * 1000,
      },
  },
  {
    name: "Total Time (s)",
    unit: "s",
    formula: "`total_time`",
    of: ({ totalTime }) => totalTime,
  },
  {
    name: "Tokens/sec",
    unit: "tokens/s",
    formula: "`tokens_per_sec`",
    note: "p95 and p99 are the slow end, below the median: 95 % and 99 % of the requests were at least as fast (the 5th and the 1st percentile in ascending order)",
    of: ({ tokensPerSecond }) => tokensPerSecond,
  },
  {
    name: "Success Rate (%)",
    unit: "%",
    formula: "lines with `success` / lines",
    of: ({ requests, succeeded }) => (requests === 0 ? undefined : { mean: (succeeded / requests) * 100 }),
  },
];
