// Runs for the tests of the matrix: summaries with plain numbers, of any model, server and load.

import type { MatrixRun } from "../../../bench-runner/decide/matrix/read-runs.ts";
import type { Statistics } from "../../../bench-runner/statistics/statistics.ts";
import type { Summary } from "../../../bench-runner/summary/summary.ts";
import { exampleSummary } from "./example-summary.ts";

export interface ExampleRun {
  model?: string;
  build?: string;
  host?: string;
  clients?: number;
  /** For an open loop, instead of clients. */
  rate?: number;
  values?: Record<string, string | number | boolean>;
  /** The factor by which everything is slower. */
  slow?: number;
  success?: number;
  name?: string;
  folder?: string;
  more?: Partial<Summary>;
}

let made = 0;

export function exampleRun(given: ExampleRun = {}): MatrixRun {
  const { model = "small", build = "b1", host = "left", clients = 4, rate, slow = 1, success = 1 } = given;
  const base = exampleSummary();
  made += 1;
  return {
    folder: given.folder ?? `/runs/${made}`,
    summary: {
      ...base,
      run: { ...base.run, name: given.name ?? "local" },
      configuration: {
        ...base.configuration,
        kind: rate === undefined ? "plain" : "open",
        vus: clients,
        values: { mode: "stream", maxTokens: 64, ...(rate !== undefined && { rate }), ...given.values },
      },
      metrics: { ttft: times(10 * slow), tpot: times(5 * slow), e2e: times(1000 * slow) },
      throughput: { requestsPerSecond: clients / slow, outputTokensPerSecond: (64 * clients) / slow },
      rates: { success },
      server: { ...base.server, kind: "llama-server" },
      thresholds: [],
      warnings: [],
      environment: toEnvironment(model, build, host),
      ...given.more,
    },
  };
}

function toEnvironment(model: string, build: string, host: string): NonNullable<Summary["environment"]> {
  return {
    schema: "server-bench/environment/1",
    ...{ host, os: "Linux", kernel: "6", architecture: "x64", cpu: { logicalCores: 8, model: "EPYC" } },
    ...{ memoryBytes: 16e9, node: "v24", serverBench: "0.1.0", server: { build } },
    model: { path: `/models/${model}.gguf`, bytes: 1e9 },
  };
}

function times(ms: number): Statistics {
  return {
    count: 100,
    min: ms / 2,
    mean: ms,
    max: ms * 3,
    median: ms,
    p90: ms * 1.5,
    p95: ms * 2,
    p99: ms * 2.5,
  };
}
