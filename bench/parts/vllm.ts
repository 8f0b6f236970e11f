// Beside a real vLLM on the CPU, whose own histograms say how it was: client and server share all cores.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../bench-runner/platform/user-error.ts";
import { readJournal } from "../../bench-runner/run-folder/journal-reader.ts";
import { choosePort } from "../../bench-runner/servers/start/server-port.ts";
import { toQuantile } from "../../bench-runner/statistics/quantile.ts";
import { journalOf, type Load, runClient } from "../client.ts";
import type { PartContext } from "../part.ts";
import { vllm } from "../real-servers/servers/vllm.ts";
import { readHistogram, toBucket } from "../server-histogram.ts";
import { startAll } from "../server-processes.ts";
import { type Spread, toSpread } from "../spread.ts";

/** All times in ms; each the median and range over the repeats. */
export interface VllmFigures {
  ttftP50: Spread;
  ttftP99: Spread;
  itlP50: Spread;
  itlP99: Spread;
  /** Tokens without a time of their own, as a share. */
  mergedShare: Spread;
  /** The buckets of vLLM's histograms that hold its percentiles of the same requests: above, up to; ms. */
  server: Record<"ttftP50" | "ttftP99" | "itlP50" | "itlP99", { above: Spread; upTo: Spread }>;
}

export interface VllmResult {
  figures: Record<string, VllmFigures>;
}

/** What one run says; a bucket as [above, up to]. */
interface Measured {
  client: Record<"ttftP50" | "ttftP99" | "itlP50" | "itlP99" | "mergedShare", number>;
  server: Record<"ttftP50" | "ttftP99" | "itlP50" | "itlP99", readonly [number, number]>;
}

const TTFT = "vllm:time_to_first_token_seconds";
const ITL = "vllm:inter_token_latency_seconds";
const STREAMS = 4;

const CLIENTS: Record<string, Pick<Load, "stamps" | "priority" | "session">> = {
  "own session, packet": { stamps: "packet", session: "own" },
  "own session, kernel": { stamps: "kernel", session: "own" },
  "own session, raised, kernel": { stamps: "kernel", session: "own", priority: "autogroup" },
  "starved, packet": { stamps: "packet", session: "least" },
  "starved, kernel": { stamps: "kernel", session: "least" },
};

/** @throws UserError where vLLM cannot be had */
export async function runVllm({ repeats, isQuick, say }: PartContext): Promise<VllmResult> {
  const obtained = await vllm.obtain();
  const port = await choosePort("127.0.0.1", undefined);
  const folder = mkdtempSync(join(tmpdir(), "bench-vllm-"));
  const measured: Record<string, Measured[]> = {};
  try {
    const plans = obtained.plan({ server: port, behind: 0 });
    const stop = await startAll(plans, folder);
    try {
      const server = { rootUrl: `http://127.0.0.1:${port}`, expected: obtained.expected };
      // vLLM compiles and fills its caches with its first requests.
      await measure(server, {}, STREAMS);
      for (let repeat = 0; repeat < repeats; repeat++) {
        for (const [name, client] of Object.entries(CLIENTS)) {
          const one = await measure(server, client, isQuick ? 12 : 100);
          measured[name] = [...(measured[name] ?? []), one];
          const [above, upTo] = one.server.ttftP99;
          say(
            `${name}: TTFT p99 ${one.client.ttftP99.toFixed(1)} ms, vLLM's own ${above}…${upTo} ms, ITL p50 ${one.client.itlP50.toFixed(2)} ms`,
          );
        }
      }
    } finally {
      await stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const figures = Object.entries(measured).map(([name, list]) => [name, toFigures(list)]);
  return { figures: Object.fromEntries(figures) as VllmResult["figures"] };
}

interface Target {
  rootUrl: string;
  expected: { key?: string; model?: string };
}

async function measure(
  { rootUrl, expected }: Target,
  client: Pick<Load, "stamps" | "priority" | "session">,
  requests: number,
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "bench-vllm-client-"));
  try {
    const before = await readMetrics(rootUrl);
    const env = {
      ...(expected.key !== undefined && { SERVER_BENCH_API_KEY: expected.key }),
      ...(expected.model !== undefined && { SERVER_BENCH_MODEL_ALIAS: expected.model }),
      SERVER_BENCH_MAX_TOKENS: "64",
      SERVER_BENCH_EXTRA_BODY: JSON.stringify({ ignore_eos: true }),
    };
    const load = {
      streams: STREAMS,
      requests,
      folder,
      journal: true,
      env,
      k6Args: ["--no-thresholds"],
      ...client,
    };
    await runClient("record", { url: `${rootUrl}/v1`, stop: () => Promise.reject() }, load);
    const after = await readMetrics(rootUrl);
    const bucket = (name: string, share: number) => {
      const [above, upTo] = toBucket(readHistogram(after, name), share, readHistogram(before, name));
      return [above * 1000, upTo * 1000] as const;
    };
    return {
      client: await readClient(journalOf(folder)),
      server: {
        ttftP50: bucket(TTFT, 0.5),
        ttftP99: bucket(TTFT, 0.99),
        itlP50: bucket(ITL, 0.5),
        itlP99: bucket(ITL, 0.99),
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readMetrics(rootUrl: string): Promise<string> {
  const answer = await fetch(`${rootUrl}/metrics`, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new UserError(`vLLM answers ${answer.status} at /metrics.`);
  return answer.text();
}

async function readClient(journal: string): Promise<Measured["client"]> {
  const [ttfts, gaps]: [number[], number[]] = [[], []];
  let [tokens, merged] = [0, 0];
  for await (const line of readJournal(journal)) {
    if (line.type !== "request" || line.firstTokenMs === undefined) continue;
    ttfts.push(line.firstTokenMs - (line.sentMs ?? line.startMs));
    for (const gapUs of line.gapsUs ?? []) gaps.push(gapUs / 1000);
    tokens += line.tokenEvents;
    merged += line.mergedTokens ?? 0;
  }
  const at = (values: number[], share: number) =>
    toQuantile(Float64Array.from(values).sort(), share) ?? Number.NaN;
  return {
    ttftP50: at(ttfts, 0.5),
    ttftP99: at(ttfts, 0.99),
    itlP50: at(gaps, 0.5),
    itlP99: at(gaps, 0.99),
    mergedShare: merged / tokens,
  };
}

function toFigures(list: readonly Measured[]): VllmFigures {
  const client = (key: keyof Measured["client"]) => toSpread(list.map((one) => one.client[key]));
  const server = (key: keyof Measured["server"]) => ({
    above: toSpread(list.map((one) => one.server[key][0])),
    upTo: toSpread(list.map((one) => one.server[key][1])),
  });
  return {
    ttftP50: client("ttftP50"),
    ttftP99: client("ttftP99"),
    itlP50: client("itlP50"),
    itlP99: client("itlP99"),
    mergedShare: client("mergedShare"),
    server: {
      ttftP50: server("ttftP50"),
      ttftP99: server("ttftP99"),
      itlP50: server("itlP50"),
      itlP99: server("itlP99"),
    },
  };
}
