// The runner's own /metrics: the lines of a journal as Prometheus counters, gauges and histograms.
//
// Definitions as in the summary: toRequestMetrics, times and token counts of complete requests only. With
// {phase="measure"} the sums are the summary's. All sums grow over the repeats of a run, as Prometheus expects from counters.
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ProgressLine, RequestLine } from "../../../lib/core/request/facts.ts";
import { type RequestMetrics, toRequestMetrics } from "../../../lib/core/request/request-metrics.ts";
import { taskOf } from "../../run-folder/request-labels.ts";

export interface RunIdentity {
  name: string;
  /** Without folder and suffix. */
  scenario: string;
  /** This project's version. */
  version: string;
}

/** Further tasks share one label: a user's own scenario may name a task for each request. */
const MOST_TASKS = 50;
const PHASES = ["warmup", "measure", "cooldown"];

// Upper bounds of the histograms in seconds: about 20 each, closest together where LLM servers usually are.

/** From a cached prompt on a GPU to a queue that takes minutes. */
export const TTFT_BUCKETS: number[] = [
  ...[0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75],
  ...[1, 1.5, 2, 3, 5, 7.5, 10, 20, 30, 60, 120, 300],
];

/** From 1,000 tokens/s for a user to one token in 5 s. */
export const TPOT_BUCKETS: number[] = [
  ...[0.001, 0.0025, 0.005, 0.0075, 0.01, 0.0125, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05],
  ...[0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5, 5],
];

/** From an answer of a few words to the default total timeout. */
export const E2E_BUCKETS: number[] = [
  ...[0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10],
  ...[15, 20, 30, 45, 60, 90, 120, 180, 300, 600],
];

const COMPLETE_ONLY = 'complete requests; phase="measure" has the requests of the summary';
const groupLabels = ["phase", "task"];

export class LiveMetrics {
  readonly #registry = new Registry();
  readonly #tasks = new BoundedNames(MOST_TASKS);
  readonly #ttft = this.#histogram(
    "ttft",
    "Time to the first token, from the request's first byte",
    TTFT_BUCKETS,
  );
  readonly #tpot = this.#histogram(
    "tpot",
    "Time per output token: (last token - first token) / tokens after the first event; without usage, tokens are estimated by events",
    TPOT_BUCKETS,
  );
  readonly #e2e = this.#histogram(
    "e2e",
    "From the request's first byte to the end of its stream",
    E2E_BUCKETS,
  );
  readonly #requests = this.#counter(
    "requests",
    "Requests that ended, by verdict; those in flight are in server_bench_in_flight",
    ["verdict", ...groupLabels],
  );
  readonly #promptTokens = this.#counter(
    "prompt_tokens",
    `Prompt tokens from the server's usage; ${COMPLETE_ONLY}`,
  );
  readonly #completionTokens = this.#counter(
    "completion_tokens",
    `Completion tokens from the server's usage, else token events; ${COMPLETE_ONLY}`,
  );
  readonly #outputTokens = this.#counter(
    "output_tokens",
    "Token events of all requests as they arrive, including those in flight; several tokens in one event count once",
    [],
  );
  readonly #inFlight = this.#gauge("in_flight", "Requests that were sent and have not ended");
  readonly #clients = this.#gauge("clients", "Clients of the load: the most concurrent requests");
  /** Tokens of the current run of k6. */
  #tokensSoFar = 0;

  constructor({ name, scenario, version }: RunIdentity) {
    const info = new Gauge({
      name: "server_bench_run_info",
      help: "The run, as labels; always 1",
      labelNames: ["name", "scenario", "version"],
      registers: [this.#registry],
    });
    info.set({ name, scenario, version }, 1);
    this.#outputTokens.inc(0);
    this.#inFlight.set(0);
  }

  /** Another run of k6 begins: its sums start from 0 again. */
  startLoad(clients: number): void {
    this.#tokensSoFar = 0;
    this.#clients.set(clients);
  }

  addProgress({ tokens, inFlight }: ProgressLine): void {
    this.#inFlight.set(inFlight);
    if (tokens > this.#tokensSoFar) this.#outputTokens.inc(tokens - this.#tokensSoFar);
    this.#tokensSoFar = Math.max(this.#tokensSoFar, tokens);
  }

  /** @returns the metrics of the request */
  addRequest(line: RequestLine): RequestMetrics {
    const metrics = toRequestMetrics(line);
    const task = taskOf(line);
    const phase = line.labels.phase ?? "measure";
    const group = {
      phase: PHASES.includes(phase) ? phase : "other",
      ...(task !== undefined && { task: this.#tasks.toLabel(task) }),
    };
    this.#requests.inc({ verdict: metrics.verdict, ...group });
    if (metrics.verdict !== "complete") return metrics;
    observeMs(this.#ttft, group, metrics.ttftMs);
    observeMs(this.#tpot, group, metrics.tpotMs);
    observeMs(this.#e2e, group, metrics.e2eMs);
    if (metrics.promptTokens !== undefined) this.#promptTokens.inc(group, metrics.promptTokens);
    if (metrics.completionTokens !== undefined) this.#completionTokens.inc(group, metrics.completionTokens);
    return metrics;
  }

  /** The load is over: requests whose end k6 did not write are no longer in flight. */
  endLoad(): void {
    this.#inFlight.set(0);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Prometheus's text format. */
  toText(): Promise<string> {
    return this.#registry.metrics();
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({
      name: `server_bench_${name}_seconds`,
      help: `${help}; ${COMPLETE_ONLY}`,
      labelNames: groupLabels,
      buckets,
      registers: [this.#registry],
    });
  }

  #counter(name: string, help: string, labelNames: string[] = groupLabels): Counter {
    return new Counter({ name: `server_bench_${name}_total`, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string): Gauge {
    return new Gauge({ name: `server_bench_${name}`, help, registers: [this.#registry] });
  }
}

function observeMs(histogram: Histogram, group: Record<string, string>, ms: number | undefined): void {
  if (ms !== undefined) histogram.observe(group, ms / 1000);
}

/** Longer names are cut: Prometheus keeps every value of a label. */
const LONGEST_NAME = 100;

/** Names for a label with a limited number of values: all after the first `most` are "other". */
class BoundedNames {
  readonly #known = new Set<string>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** The name itself, or "other" when there are too many already. */
  toLabel(name: string): string {
    const short = name.slice(0, LONGEST_NAME);
    if (this.#known.has(short)) return short;
    if (this.#known.size >= this.#most) return "other";
    this.#known.add(short);
    return short;
  }
}
