import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { HostLine } from "../../run-folder/run-files.ts";
import { type ServerValues, toServerValues } from "../../servers/metrics/server-metric-names.ts";
import { toMachineUse, toProcessUse } from "./process-use.ts";
import { readServerSamples, type ServerSamples } from "./server-samples.ts";
import { toServerUse, toStartUse } from "./server-use.ts";

const scrape = (atUnixMs: number, values: ServerValues) => ({ atUnixMs, values });
const samples = (...scrapes: ServerSamples["scrapes"]): ServerSamples => ({ scrapes, hosts: [] });
/** The load is the window. */
const whole = (fromMs: number, toMs: number) => ({ window: { fromMs, toMs }, load: { fromMs, toMs } });

describe("toServerUse", () => {
  const tokens = (promptTokens: number, cachedPromptTokens: number, generatedTokens: number) => ({
    promptTokens,
    cachedPromptTokens,
    generatedTokens,
  });

  test("counters before and after become rates over the window, however long the scrapes took", () => {
    const use = toServerUse(
      samples(scrape(0, tokens(1000, 10, 50)), scrape(9000, tokens(1300, 110, 250))),
      whole(1000, 5000),
    );
    // 300, 100 and 200 tokens in 4 s
    expect(use).toMatchObject({
      promptTokensPerSecond: 75,
      generatedTokensPerSecond: 50,
      cachedPromptTokensShare: 0.25,
    });
  });

  test("if the load continues beyond the window, a counter is interpolated linearly between two scrapes", () => {
    const use = toServerUse(
      samples(
        scrape(0, tokens(0, 0, 0)),
        scrape(1000, tokens(100, 0, 0)),
        scrape(2000, tokens(200, 0, 0)),
        scrape(4000, tokens(600, 0, 0)),
      ),
      { window: { fromMs: 500, toMs: 3000 }, load: { fromMs: 0, toMs: 4000 } },
    );
    // 50 at its start, 400 at its end, 2.5 s
    expect(use.promptTokensPerSecond).toBe(140);
  });

  test("a reading after the last answer stands for the planned end of a window that the load does not reach", () => {
    const readings = samples(scrape(0, tokens(0, 0, 0)), scrape(2600, tokens(100, 0, 50)));
    const spans = (loadToMs: number) => ({
      window: { fromMs: 1000, toMs: 6000 },
      load: { fromMs: 1000, toMs: loadToMs },
    });
    // 100 and 50 tokens in 5 s: the rates are over the whole window.
    expect(toServerUse(readings, spans(2500))).toMatchObject({
      promptTokensPerSecond: 20,
      generatedTokensPerSecond: 10,
    });
    expect(toServerUse(readings, spans(2700)).absent).toContainEqual(
      expect.objectContaining({ what: "metrics" }),
    );
  });

  test("busy slots are recalculated: llama-server's own mean is over all decodes since its start", () => {
    const slots = (decodes: number, busySlotsPerDecode: number) => ({ decodes, busySlotsPerDecode });
    const use = toServerUse(
      samples(
        scrape(0, slots(100, 1)),
        scrape(1000, slots(100, 1)),
        scrape(2000, slots(200, 2.5)),
        scrape(3000, slots(300, 2.6666666666666665)),
      ),
      whole(1000, 3000),
    );
    // 100, then 500 and 800 busy slots in all: 4 in the first 100 decodes, 3 in the next 100
    expect(use.busySlotsPerDecode?.mean).toBeCloseTo(3.5, 9);
    expect(use.busySlotsPerDecode?.max).toBe(4);
  });

  test("gauges are those of the scrapes inside the window", () => {
    const gauge = (requestsProcessing: number, requestsDeferred: number) => ({
      requestsProcessing,
      requestsDeferred,
    });
    const use = toServerUse(
      samples(scrape(0, gauge(9, 9)), scrape(1500, gauge(2, 0)), scrape(2500, gauge(4, 3)), scrape(4000, {})),
      whole(1000, 3000),
    );
    expect(use).toMatchObject({
      requestsProcessing: { mean: 3, max: 4 },
      requestsDeferred: { mean: 1.5, max: 3 },
    });
  });

  test("speculative acceptance is present if tokens were drafted", () => {
    const drafts = (draftTokens: number, acceptedDraftTokens: number) => ({
      draftTokens,
      acceptedDraftTokens,
    });
    const use = (first: ServerValues, last: ServerValues) =>
      toServerUse(samples(scrape(0, first), scrape(5000, last)), whole(1000, 3000)).speculativeAcceptance;
    expect(use(drafts(100, 90), drafts(300, 190))).toBe(0.5);
    expect(use(drafts(100, 90), drafts(100, 90))).toBeUndefined();
  });

  test.each([
    ["no sample", undefined, /could not be read/],
    ["no scrape before the load", samples(scrape(2000, {}), scrape(5000, {})), /not read before and after/],
    [
      "no scrape after the window, as the server died",
      samples(scrape(0, {}), scrape(2000, {})),
      /not read before/,
    ],
    [
      "counters that fell",
      samples(scrape(0, tokens(9, 0, 9)), scrape(1500, tokens(1, 0, 1)), scrape(4000, tokens(9, 0, 9))),
      /restarted/,
    ],
  ])("with %s there are no rates, and the reason is given", (_sentence, given, reason) => {
    const use = toServerUse(given, whole(1000, 3000));
    expect(use.promptTokensPerSecond).toBeUndefined();
    expect(use.absent).toContainEqual({ what: "metrics", reason: expect.stringMatching(reason) });
  });

  test("names the metric that a server does not have", () => {
    const given = samples(scrape(0, { promptTokens: 1 }), scrape(4000, { promptTokens: 5 }));
    const use = toServerUse({ ...given, kind: "llama-server" }, whole(1000, 3000));
    expect(use.promptTokensPerSecond).toBe(2);
    expect(use.absent).toContainEqual({
      what: "generatedTokensPerSecond",
      reason: "the server's /metrics has no `llamacpp:tokens_predicted_total`",
    });
  });
});

const host = (atUnixMs: number, cpuCores?: number, memoryBytes = 50): HostLine => ({
  type: "host",
  atUnixMs,
  ...(cpuCores !== undefined && { cpuCores }),
  processes: { k6: { memoryBytes, ...(cpuCores !== undefined && { cpuCores }) } },
});

describe("toProcessUse", () => {
  test("adds busy cores over the time between samples, in proportion at the window's ends", () => {
    const lines = [host(0), host(1000, 0.5, 80), host(3000, 1, 60)];
    // 0.5 cores for 1 s and 1 core for 2 s: 2.5 s of CPU in 3 s
    expect(toProcessUse(lines, "k6", { fromMs: 0, toMs: 9000 })).toEqual({
      cpuSeconds: 2.5,
      cpuCores: 2.5 / 3,
      peakMemoryBytes: 80,
    });
    // 0.5 cores for half a second and 1 core for one
    expect(toProcessUse(lines, "k6", { fromMs: 500, toMs: 2000 })).toMatchObject({ cpuSeconds: 1.25 });
  });

  test("is undefined for a process that was not sampled", () => {
    expect(toProcessUse([host(0), host(1000, 1)], "server", { fromMs: 0, toMs: 1000 })).toBeUndefined();
    expect(toProcessUse([], "k6", { fromMs: 0, toMs: 1000 })).toBeUndefined();
  });
});

test("toMachineUse separates k6's part from the whole machine's", () => {
  const hosts = [host(0), { ...host(1000, 0.5), cpuCores: 1.5 }, { ...host(3000, 0.5), cpuCores: 1.8 }];
  const { client, host: machine } = toMachineUse({ scrapes: [], hosts }, { fromMs: 0, toMs: 3000 }, 2);
  expect(client).toMatchObject({ k6CpuSeconds: 1.5, k6CpuCores: 0.5, logicalCores: 2 });
  expect(machine).toEqual({ cpuCores: { mean: (1.5 + 2 * 1.8) / 3, max: 1.8 }, logicalCores: 2 });
  expect(toMachineUse(undefined, { fromMs: 0, toMs: 1 }, 2)).toEqual({});
});

test("toServerValues adds up label sets and leaves out unknown metrics", () => {
  expect(
    toServerValues([
      ['llamacpp:prompt_tokens_total{model="a"}', 3],
      ['llamacpp:prompt_tokens_total{model="b"}', 4],
      ["llamacpp:prompt_tokens_seconds", 9],
    ]),
  ).toEqual({ promptTokens: 7 });
});

describe("readServerSamples", () => {
  const folder = mkdtempSync(join(tmpdir(), "server-samples-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("keeps the known metrics of each scrape, all metrics of the first and the last, and no torn line", () => {
    const path = join(folder, "server.jsonl");
    const values = { "llamacpp:n_decode_total": 7, "other:x": 1 };
    const lines = [
      { type: "metrics", atUnixMs: 1, moment: "before", values },
      host(2, 1),
      { type: "metrics", atUnixMs: 3, values },
      { type: "metrics", atUnixMs: 4, moment: "after", values: { é: 2 } },
    ];
    writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n{"type":"metr`);
    expect(readServerSamples(path)).toEqual({
      scrapes: [scrape(1, { decodes: 7 }), scrape(3, { decodes: 7 }), scrape(4, {})],
      hosts: [host(2, 1)],
      kind: "llama-server",
      before: new Map(Object.entries(values)),
      after: new Map([["é", 2]]),
    });
  });
});

test("an unknown figure is absent from a summary", () => {
  expect(toStartUse(undefined)).toEqual({});
  expect(toStartUse({ readySeconds: 2 })).toEqual({ readySeconds: 2 });
  expect(toStartUse({ readySeconds: 2, memoryBytes: 5, gpuMemoryBytes: 6 })).toEqual({
    readySeconds: 2,
    memoryAfterLoadBytes: 5,
    gpuMemoryAfterLoadBytes: 6,
  });
});
