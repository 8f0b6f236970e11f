import { describe, expect, test } from "vitest";
import { exampleGroups, exampleSummary } from "../../../test/unit-support/examples/example-summary.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import type { Group, Prompts, Summary } from "../summary.ts";
import { toWarnings, WARNINGS } from "./warnings.ts";

/** A run without failures and with enough requests: no warnings apply. */
const ttft = {
  ...(exampleSummary().metrics.ttft as object),
  count: 1000,
  certified: { p90: 1, p95: 1, p99: 1 },
};
const clean = exampleSummary({
  requests: { started: 1000, measured: 1000, byVerdict: { complete: 1000 }, byFlag: {} },
  errors: [],
  metrics: { ...exampleSummary().metrics, ttft } as Summary["metrics"],
  connections: { opened: 4, reused: 996, retried: 0 },
  host: { cpuCores: { mean: 0.9, max: 2 }, logicalCores: 2 },
});
const { precision, requests } = clean;
const { count: _, standardDeviation: __, certified: ___, ...ends } = clean.metrics.ttft as Statistics;
const starvedTtft: Statistics = {
  ...(clean.metrics.ttft as Statistics),
  range: { lower: { ...ends, p99: 12 }, upper: ends },
};

const CASES: [string, Partial<Summary>, RegExp][] = [
  ["nothing_completed", { requests: { ...requests, byVerdict: { cut: 1000 } } }, /None of 1000/],
  ["partial_run", { run: { ...clean.run, partial: true, partialReason: "Ctrl-C" } }, /Ctrl-C/],
  [
    "failed_requests",
    {
      requests: { ...requests, byVerdict: { complete: 970, cut: 30 } },
      errors: [{ verdict: "cut", count: 30 }],
    },
    /30 of 1000 \(3 %\)/,
  ],
  [
    "lost_requests",
    { requests: { ...requests, started: 1007, lost: 7, inFlight: 4 } },
    /7 of 1007 .* 4 of which/,
  ],
  [
    "interrupted_requests",
    { requests: { ...requests, byVerdict: { complete: 990, interrupted: 10 } } },
    /10 requests/,
  ],
  ["high_truncation", { rates: { ...clean.rates, truncated: 0.6 } }, /60 %/],
  ["tokens_per_event", { precision: { ...precision, tokensPerEvent: 2 } }, /2 tokens/],
  [
    "client_starved",
    { metrics: { ...clean.metrics, ttft: starvedTtft } },
    /TTFT p99 is somewhere in 12–390 ms/,
  ],
  [
    "packets_lost",
    { precision: { ...precision, packets: { seen: 900, dropped: 100 }, packetMisses: 7 } },
    /lost 100 of 1,000 frames, and 7 reads/,
  ],
  ["merged_tokens", { precision: { ...precision, mergedTokensShare: 0.02 } }, /2 %/],
  [
    "user_stamps",
    { precision: { ...precision, stamps: { packet: 0, kernel: 0, user: 1000 } } },
    /1000 of 1000/,
  ],
  [
    "through_proxy",
    { configuration: { ...clean.configuration, proxy: "http://p:3128" } },
    /the proxy http:\/\/p:3128/,
  ],
  ["few_requests", { metrics: exampleSummary().metrics }, /97 requests .* certify p99/],
  [
    "failed_conversations",
    {
      conversations: {
        started: 50,
        completed: 44,
        failed: 5,
        interrupted: 1,
        turnsSent: 180,
        turnsUnsent: 12,
        meanTurns: 3.6,
      },
    },
    /5 of 50 \(10 %\) conversations failed, and 12 of their turns were never sent/,
  ],
  ["cached_prompts", { tokens: { ...clean.tokens, cached: 6000 } }, /90\.91 %/],
  [
    "repeated_prompts",
    {
      tokens: { ...clean.tokens, cached: 1650 },
      prompts: { ...(exampleGroups().prompts as Prompts), repeated: true },
    },
    /sent again, and 25 % of the prompt tokens came from/,
  ],
  [
    "uneven_cache",
    {
      groups: {
        server: (["a", "b"] as const).map((name, index) => ({
          ...{ name, requests: 50, byVerdict: { complete: 50 }, rates: {}, metrics: {} },
          tokens: { prompt: 1000, cached: index * 900, estimatedRequests: 0 },
        })),
      },
    },
    /^0 % of the prompt tokens .* in server a and 90 % in server b/,
  ],
  [
    "connections_not_reused",
    { connections: { opened: 900, reused: 100, retried: 0 } },
    /900 connections .* 4 clients/,
  ],
  [
    "machine_busy",
    {
      host: { cpuCores: { mean: 1.9, max: 2 }, logicalCores: 2 },
      precision: { ...precision, sendDelayMs: { mean: 9, p99: 80, max: 100 } },
    },
    /Other programs kept 1\.88 of the machine's 2 cores busy \(the server 1\.64; k6 itself 0\.02\).*80\.00 ms \(p99\) late/,
  ],
  ["client_bottleneck", { client: { k6CpuCores: 1.9, logicalCores: 2 } }, /1\.9 of 2 cores/],
  ["no_usage", { requests: { ...requests, byFlag: { no_usage: 1000 } } }, /1000 of 1000/],
  ["malformed_events", { requests: { ...requests, byFlag: { malformed_events: 2 } } }, /2 of 1000/],
  ["no_end_marker", { requests: { ...requests, byFlag: { no_end_marker: 3 } } }, /3 of 1000/],
  [
    "open_choices",
    { requests: { ...requests, byFlag: { open_choices: 4 } } },
    /4 of 1000 .*one of their choices/,
  ],
  ["no_finish_reason", { requests: { ...requests, byFlag: { no_finish_reason: 5 } } }, /5 of 1000/],
  [
    "unseen_tokens",
    { requests: { ...requests, byFlag: { unseen_tokens: 7 } }, oddities: { unread: ["choices.*.delta.x"] } },
    /7 of 1000.*texts at `choices\.\*\.delta\.x` are not read/,
  ],
  [
    "hidden_tokens",
    { requests: { ...requests, byFlag: { hidden_tokens: 8 } }, oddities: { hiddenTokensShare: 0.9 } },
    /8 of 1000.*90(\.0)? % of all/,
  ],
  ["bad_usage", { requests: { ...requests, byFlag: { bad_usage: 6 } } }, /6 of 1000/],
  ["no_tokens", { requests: { ...requests, byFlag: { no_tokens: 4 } } }, /4 of 1000/],
  [
    "rate_exceeded",
    {
      arrivals: {
        ...{ offered: 100, sent: 100, dropped: 0, heldBack: 0 },
        ...{ offeredPerSecond: 10, achievedPerSecond: 10.4 },
      },
    },
    /10\.40 requests\/s were sent where 10(\.0+)? requests\/s were due: the first requests left late/,
  ],
  [
    "rate_missed",
    {
      arrivals: {
        offered: 100,
        sent: 100,
        dropped: 0,
        heldBack: 0,
        offeredPerSecond: 10,
        achievedPerSecond: 9.8,
      },
    },
    /9\.800 requests\/s were sent where 10\.00 requests\/s were due/,
  ],
  [
    "saturated",
    {
      saturation: { saturated: true, achievedShare: 0.8, queueGrowthPerSecond: 2, reason: "the queue grew" },
    },
    /The server did not keep up with the rate: the queue grew\. Latencies depend on the length of the run\./,
  ],
  [
    "held_back",
    { arrivals: { offered: 100, sent: 100, dropped: 0, heldBack: 25, heldBackMeanMs: 400 } },
    /25 of 100 \(25 %\) requests were sent late, 400\.0 ms on average/,
  ],
  [
    "schedule_missed",
    { arrivals: { offered: 100, sent: 90, dropped: 10, heldBack: 0 } },
    /10 of 100 \(10 %\)/,
  ],
  [
    "server_disagrees",
    {
      reconciliation: {
        verdict: "off",
        promptTokens: { client: 5, server: 5, difference: 0, allowed: 0 },
        completionTokens: { client: 5, server: 8, difference: 3, allowed: 0 },
      },
    },
    /8 completion tokens against 5\.$/,
  ],
  [
    "k6_disagrees",
    {
      crossCheck: {
        verdict: "off",
        differences: [{ metric: "llamacpp_ttft", statistic: "max", journal: 3, k6: 4 }],
      },
    },
    /llamacpp_ttft max: 4 and 3/,
  ],
];

describe("toWarnings", () => {
  test("a clean run has none", () => {
    expect(toWarnings(clean)).toEqual([]);
  });

  test.each(CASES)("%s", (code, change, text) => {
    const found = toWarnings({ ...clean, ...change });
    expect(found.map((warning) => warning.code)).toEqual([code]);
    expect(found[0]?.text).toMatch(text);
  });

  test.each<[string, Partial<Summary>, RegExp]>([
    [
      "that read a token after the next one had arrived",
      { precision: { ...precision, stampLagMs: { mean: 1, p99: 12, max: 20 } } },
      /it read 12\.00 ms \(p99\) behind/,
    ],
    [
      "whose requests were sent late",
      { precision: { ...precision, sendDelayMs: { mean: 1, p99: 8, max: 20 } } },
      /requests left 8\.000 ms \(p99\) late/,
    ],
    [
      "that merged tokens because it was late",
      {
        precision: { ...precision, mergedTokensShare: 0.02, sendDelayMs: { mean: 1, p99: 8, max: 20 } },
      },
      /late; 2 % of the tokens have the time of a later one/,
    ],
  ])("a client %s is one warning", (_, change, text) => {
    const found = toWarnings({ ...clean, ...change });
    expect(found.map(({ code }) => code)).toEqual(["client_bottleneck"]);
    expect(found[0]?.text).toMatch(text);
  });

  test("a client that read late and merged tokens was starved, which is one warning", () => {
    const late = { ...precision, mergedTokensShare: 0.14, stampLagMs: { mean: 9, p99: 300, max: 400 } };
    const found = toWarnings({ ...clean, precision: late });
    expect(found.map(({ code }) => code)).toEqual(["client_starved"]);
    expect(found[0]?.text).toMatch(/14 % of the tokens.*300\.0 ms \(p99\) behind/);
    expect(found[0]?.remedy).toMatch(/setcap cap_net_raw,cap_sys_nice\+ep.*NET_RAW and SYS_NICE/);
  });

  test("a client with packet stamps may read late: only what it sends late counts", () => {
    const stamps = { packet: 1000, kernel: 0, user: 0 };
    const late = { ...precision, stamps, stampLagMs: { mean: 9, p99: 300, max: 400 } };
    expect(toWarnings({ ...clean, precision: late })).toEqual([]);
    const [found] = toWarnings({
      ...clean,
      precision: { ...late, sendDelayMs: { mean: 1, p99: 8, max: 20 } },
    });
    expect(found?.text).toMatch(/bottleneck, so requests may have left late .*right all the same/);
  });

  test("each client keeps a connection to each of two servers", () => {
    const ab = { a: "http://a", b: "http://b", pairs: { compared: 500, lost: 0, differences: [] } };
    const opened = (count: number) => ({ ab, connections: { opened: count, reused: 992, retried: 0 } });
    expect(toWarnings({ ...clean, ...opened(8) })).toEqual([]);
    expect(toWarnings({ ...clean, ...opened(9) }).map(({ code }) => code)).toEqual([
      "connections_not_reused",
    ]);
  });

  test("the client is blamed only where it used the machine itself, or where the machine had room", () => {
    const late = { ...precision, sendDelayMs: { mean: 9, p99: 80, max: 100 } };
    const codes = (more: Partial<Summary>) => toWarnings({ ...clean, ...more }).map(({ code }) => code);
    const full = { cpuCores: { mean: 1.95, max: 2 }, logicalCores: 2 };
    expect(codes({ precision: late })).toEqual(["client_bottleneck"]);
    expect(codes({ precision: late, host: full })).toEqual(["machine_busy"]);
    expect(codes({ precision: late, host: full, client: { k6CpuCores: 1.5, logicalCores: 2 } })).toEqual([
      "client_bottleneck",
    ]);
    // Others alone are no trouble where the client kept up.
    expect(codes({ host: full })).toEqual([]);
  });

  test("requests that were sent too little late to affect their TTFT give no warning", () => {
    const slow = { ...clean.metrics, ttft: { ...clean.metrics.ttft, median: 1000 } } as Summary["metrics"];
    const late = { ...precision, sendDelayMs: { mean: 1, p99: 40, max: 60 } };
    expect(toWarnings({ ...clean, metrics: slow, precision: late })).toEqual([]);
  });

  test("later turns of conversations are expected to come from the cache", () => {
    const { groups } = exampleGroups();
    const turn = (name: string, cached: number) => ({
      ...(groups?.turn?.[0] as Group),
      name,
      tokens: { prompt: 100, cached, estimatedRequests: 0 },
    });
    const tokens = { ...clean.tokens, cached: 6000 };
    const talk = (first: number) =>
      toWarnings({ ...clean, tokens, groups: { turn: [turn("1", first), turn("2", 90)] } });
    expect(talk(10)).toEqual([]);
    expect(talk(60)[0]?.text).toMatch(/^60 % of the prompt tokens of first turns/);
  });

  test("every row of the table has a case", () => {
    expect(CASES.map(([code]) => code).sort()).toEqual(WARNINGS.map(({ code }) => code).sort());
  });
});
