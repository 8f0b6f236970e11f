// What the charts of report.html are drawn from: everything binned or thinned, so that the page stays small for any run.
//
// Pure data: made by Node from a run folder's files, read by the page's own script. Times on an axis are seconds since the
// load began; durations are milliseconds. An unknown value is null in a series, and absent elsewhere.

export interface ReportData {
  schema: "server-bench/report-data/1";
  /** How many requests and token gaps the charts represent, and how they were binned and thinned: one sentence each. */
  requests: number;
  /** Token gaps of the complete measured requests: those of the ITL distribution. */
  gaps?: number;
  rules: string[];
  /** Some first tokens are known only as a range of time: their TTFT is drawn at its upper end. */
  hasRanges?: true;
  /** Over complete measured requests (gaps: of their tokens); one entry for each metric that the run has. */
  distributions: Distribution[];
  time: TimeSeries;
  /** Complete measured requests: prompt tokens against TTFT. */
  scatter?: Scatter;
  /** Complete measured requests over time, with the time each spent waiting. */
  queueing: { scheduleDelayMs?: Band; headersMs?: Band };
  /** What was sampled during the load. */
  series: SampledSeries[];
  /** The ten slowest measured requests by E2E, slowest first, failed ones included. */
  slowest: Timeline[];
}

export interface Distribution {
  key: "ttft" | "scheduledTtft" | "tpot" | "itl" | "e2e";
  label: string;
  /** The number of values in the bins. */
  count?: number;
  /** The bins are logarithmic (the first may begin at 0): draw a logarithmic axis. Absent: linear. */
  isLog?: boolean;
  /** Adjoining bins (empty ones included) that together hold every value, including the smallest and the largest: [from, to, count]. */
  bins: [fromMs: number, toMs: number, count: number][];
  /** [value, share of values at or below it], ascending, at most 400 points, the first and the last value among them. */
  cdf: [ms: number, share: number][];
  marks: PercentileMark[];
}

export interface PercentileMark {
  name: "p50" | "p90" | "p95" | "p99";
  ms: number;
  /** The lower end, where the percentile is known only as a range; `ms` is then the upper one. */
  lowerMs?: number;
  /** Not certified: too few requests. (ITL: fewer than a certified percentile takes; it has no certified value, as the gaps of one request depend on each other.) */
  isUncertain: boolean;
  /** The value that the true percentile does not exceed (99 % confidence). */
  certifiedMs?: number;
}

/** One value for each interval. */
export interface TimeSeries {
  stepSeconds: number;
  /** Middle of each interval. */
  seconds: number[];
  phases: { name: "warmup" | "measure" | "cooldown"; from: number; to: number }[];
  /** Over complete requests of every phase, by the moment at which they started. */
  ttftMs: Band;
  e2eMs: Band;
  /**
   * Complete requests that ended in the interval, and token events stamped in it (weighted by usage, of every request), per
   * second; in every phase. The load may end within the last interval: its rates are over the part that the load covers, and null
   * if that is less than half of it.
   */
  requestsPerSecond: Rates;
  outputTokensPerSecond: (number | null)[];
  /** Mean number of open requests, from their start to their end; of every phase and verdict. */
  inFlight: number[];
  /** Requests of every phase that ended in the interval without being complete, by verdict (only verdicts that occurred, including `interrupted` and `aborted`). */
  failures: { verdict: string; counts: number[] }[];
}

/** One value for each of their own intervals, which hold twenty requests on average. */
export interface Rates {
  stepSeconds: number;
  /** Middle of each interval. */
  seconds: number[];
  values: (number | null)[];
}

/** Median, p95 and largest value of each interval; null if it has fewer than ten. */
export interface Band {
  p50: (number | null)[];
  p95: (number | null)[];
  max: (number | null)[];
  /**
   * The values of intervals with fewer than ten, by the start of their requests; all values where that is many of the intervals.
   */
  single: [seconds: number, value: number][];
}

export interface Scatter {
  /** Whether the points are thinned: there were more than 5,000 requests. */
  isBinned?: boolean;
  /**
   * Single requests (count 1) if there are at most 5,000; otherwise one point at the mean of each crowded cell of a grid, and
   * single points for the requests of cells with one or two, and for the smallest and the largest TTFT.
   */
  points: [promptTokens: number, ttftMs: number, count: number][];
}

export interface SampledSeries {
  key: string;
  /** "Busy slots", "CPU of the server", … */
  label: string;
  group: "server" | "machine" | "gpu";
  unit: "count" | "cores" | "bytes" | "tokens/s" | "share" | "W" | "°C" | "requests/s";
  /** [seconds since the load began, value]. */
  points: [seconds: number, value: number][];
}

export interface Timeline {
  row: string;
  client?: string;
  task?: string;
  turn?: string;
  verdict: string;
  /** Seconds since the load began. */
  startSeconds: number;
  /** Milliseconds since the start; a moment that was not reached is absent. */
  connectedMs?: number;
  sentMs?: number;
  headersMs?: number;
  firstTokenMs?: number;
  lastTokenMs?: number;
  endMs: number;
  /** Milliseconds since the start of up to 200 tokens, evenly chosen, the largest gaps kept. */
  tokensMs: number[];
  promptTokens?: number;
  completionTokens?: number;
}
