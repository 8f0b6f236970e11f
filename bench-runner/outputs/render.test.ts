import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { exampleGroups, exampleSummary } from "../../test/unit-support/examples/example-summary.ts";

import type { Group, Summary } from "../summary/summary.ts";
import { renderCsv } from "./render-csv.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { renderTerminal } from "./terminal/render-terminal.ts";

const wide = { width: 140, colour: false, unicode: true };

describe("renderTerminal", () => {
  const lines = renderTerminal(exampleSummary(), wide).split("\n");

  test("shows statistics with units, marks uncertified percentiles, and shows certified ones", () => {
    expect(lines.find((line) => line.startsWith("TTFT (ms)"))).toMatch(
      /^TTFT \(ms\) +120\.5 +30\.25 +80\.00 +110\.0 +200\.0 +250\.0\* +390\.0\* +400\.0$/,
    );
    expect(lines.find((line) => line.includes("certified at 99 %"))).toMatch(/at most +260\.0$/);
    expect(lines).toContain("* too few requests to certify this percentile");
  });

  test("shows failures, both thresholds, and the warnings last", () => {
    expect(lines).toContain("3 × cut (reset): connection reset by peer");
    expect(lines).toContain("✗ FAILED  llamacpp_completions_truncated_rate: rate<0.4");
    expect(lines.slice(-3)).toEqual(["! 97 requests are too few.", "  → Send more.", ""]);
  });

  test("puts the steady state next to the whole window, if it exists and fits", () => {
    const at = lines.findIndex((line) => line.startsWith("whole window"));
    expect(lines[at - 1]).toMatch(/^ +requests\/s +output tokens\/s +TTFT p50 +ITL p50$/);
    expect(lines[at]).toMatch(/^whole window +1\.617 +80\.50 +110\.0 ms +9\.500 ms$/);
    expect(lines[at + 1]).toMatch(/^steady state +1\.750 +88\.25 +112\.0 ms +9\.750 ms$/);
    expect(lines).toContainEqual(
      expect.stringMatching(/^Steady state +41\.20 s with all clients busy, 70 requests inside$/),
    );
    const without = renderTerminal(exampleSummary({ steady: { absent: "only 1 of 4 clients sent" } }), wide);
    expect(without).toMatch(/^Steady state +none: only 1 of 4 clients sent$/m);
    expect(without).not.toContain("whole window");
  });

  test("shows figures of the server and its machine, or why they are unknown", () => {
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^Server +prompt 100\.5 tokens\/s, generated 80\.25 tokens\/s, 9\.09 % of the prompt tokens cached$/,
      ),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^Server's slots +busy per decode 3\.9 \(max 4\), processing 3\.75 \(max 4\), deferred 0\.5 \(max 2\)$/,
      ),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/^Server's process +98\.50 s of CPU \(1\.64 cores\), at most 301\.0 MB$/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^Machine +1\.9 of 2 cores busy \(max 2\)$/));
    const server = { absent: [{ what: "metrics", reason: "it has none" }] };
    expect(renderTerminal(exampleSummary({ server }), wide)).toMatch(/^Server +unknown: it has none$/m);
  });

  test("has colour only when asked for", () => {
    expect(lines.join("")).not.toContain("\u001b");
    expect(renderTerminal(exampleSummary(), { width: 140, colour: true, unicode: true })).toContain(
      "\u001b[31m✗ FAILED",
    );
  });

  test("fits a terminal of 80 columns by leaving columns out", () => {
    const narrow = renderTerminal(exampleSummary(), { width: 80, colour: false, unicode: true }).split("\n");
    expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(narrow.find((line) => line.includes("median"))).not.toContain("sd");
  });

  test("a run without an answer has no table and no empty numbers", () => {
    const text = renderTerminal(
      exampleSummary({
        metrics: {},
        rates: { success: 0 },
        tokens: { estimatedRequests: 0 },
        precision: { stamps: { packet: 0, kernel: 0, user: 0 } },
      }),
      wide,
    );
    expect(text).not.toMatch(/median|NaN|undefined/);
    expect(text).toMatch(/Success rate +0 %/);
  });
});

const WIDTHS = [60, 72, 80, 100, 120, 160, 200];

/** Every line fits; values are aligned; the table of statistics is equally wide in every line or ends early. */
function checkLayout(text: string, width: number): void {
  const lines = text.split("\n");
  for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(width);
  const valueAt = lines.flatMap((line) => {
    const label = /^(Requests|Window|Success rate|Requests per second) {2,}/.exec(line);
    return label === null ? [] : [label[0].length];
  });
  expect(valueAt).toHaveLength(4);
  expect(new Set(valueAt).size).toBe(1);
  const [ttft, itl] = ["TTFT (ms)", "ITL (ms)"].map((name) => lines.find((line) => line.startsWith(name)));
  const header = lines.find((line) => /^ +(?:mean|median)/.test(line));
  expect([ttft, itl].map((line) => line?.replace(/\*$/, "").length)).toEqual([
    header?.length,
    header?.length,
  ]);
}

describe("the layout", () => {
  test.each(WIDTHS)("is aligned within %i columns", (width) => {
    const text = renderTerminal(exampleSummary(exampleGroups()), { width, colour: false, unicode: true });
    checkLayout(text, width);
    expect(text).toContain("TTFT of 97 requests (ms)");
  });

  test("is aligned whatever names, errors and warnings contain, and removes cursor movements", () => {
    const odd = fc.string({ unit: "binary", maxLength: 80 });
    const group = exampleGroups().groups?.task?.[0] as Group;
    fc.assert(
      fc.property(
        fc.constantFrom(...WIDTHS),
        fc.tuple(odd, odd, odd, odd, odd),
        (width, [name, error, warning, remedy, task]) => {
          const { run }: Summary = exampleSummary();
          const text = renderTerminal(
            exampleSummary({
              run: { ...run, name, partial: true, partialReason: error },
              errors: [{ verdict: "cut", kind: remedy, count: 3, example: error }],
              warnings: [{ code: "few_requests", text: warning, remedy }],
              thresholds: [{ metric: task, rule: "rate>0", ok: false }],
              groups: { task: [group, { ...group, name: task }] },
            }),
            { width, colour: false, unicode: true },
          );
          checkLayout(text, width);
          expect(text.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
        },
      ),
    );
  });

  test("has the headline first and the remedies last", () => {
    const lines = renderTerminal(exampleSummary(), { width: 120, colour: false, unicode: true }).split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "script · local · 2026-01-02T03:04:05.000Z",
      "97 of 100 complete · TTFT 110.0 ms, p99 390.0 ms · 80.50 output tokens/s · 1.617 requests/s",
      "✗ 1 of 2 thresholds FAILED: llamacpp_completions_truncated_rate: rate<0.4",
      "! 3 of 100 requests failed (3 %)",
    ]);
    expect(lines[4]).toBe("! 1 warning, at the end");
    expect(lines.at(-2)).toBe("  → Send more.");
  });

  test("has the goal in the headline: goodput with its SLOs, requirements with what was found, failures", () => {
    const slos = [
      { metric: "ttft" as const, limitMs: 500, from: "sent" as const, met: 50, missed: 50 },
      { metric: "tpot" as const, limitMs: 2.5, met: 60, missed: 40 },
    ];
    const goodput = { slos, met: 39, missed: 61, neverSent: 0, share: 0.39 };
    const requirements = [
      { text: "ttft.p95 < 1s", ok: true, value: 250, limit: 1000, unit: "ms" as const },
      { text: "success > 90%", ok: true, value: 0.97, limit: 0.9, unit: "share" as const },
    ];
    const thresholds: Summary["thresholds"] = [];
    const show = (more: Partial<Summary>, colour = false) =>
      renderTerminal(exampleSummary({ thresholds, ...more }), { ...wide, width: 120, colour })
        .split("\n")
        .slice(1, 6);
    expect(show({ goodput, requirements })).toEqual([
      "97 of 100 complete · TTFT 110.0 ms, p99 390.0 ms · 80.50 output tokens/s · 1.617 requests/s",
      "goodput 39 % (TTFT ≤ 500 ms, TPOT ≤ 2.5 ms)",
      "✓ every requirement passed: ttft.p95 < 1s (250.0 ms); success > 90% (97 %)",
      "! 3 of 100 requests failed (3 %)",
      "! 61 of 100 requests missed an SLO (goodput 39 %)",
    ]);
    // Green only where nothing else fell short.
    const green = "\u001b[32m✓ every requirement passed";
    const requests = { started: 100, measured: 100, byVerdict: { complete: 100 }, byFlag: {} };
    expect(show({ requirements }, true).join("\n")).not.toContain(green);
    expect(show({ requirements, requests, goodput }, true).join("\n")).not.toContain(green);
    expect(show({ requirements, requests }, true).join("\n")).toContain(green);
  });

  test("says in its first lines that clients pause, in every output, and not in an open loop", () => {
    const paused = (kind: "plain" | "open", sleep: number) => {
      const summary = exampleSummary();
      summary.configuration = { ...summary.configuration, kind, values: { sleep } };
      return summary;
    };
    const remark =
      "Clients pause 0.3 s after each request (`--sleep`): throughput is less than the server could give.";
    expect(renderTerminal(paused("plain", 0.3), wide).split("\n")[2]).toBe(remark);
    expect(renderMarkdown(paused("plain", 0.3)).split("\n")[2]).toBe(remark);
    for (const summary of [paused("open", 0.3), paused("plain", 0)]) {
      expect(renderTerminal(summary, wide) + renderMarkdown(summary)).not.toContain("Clients pause");
    }
  });

  test("shows the histogram of E2E without a TTFT", () => {
    const histograms = exampleSummary().histograms?.ttft;
    const text = renderTerminal(exampleSummary({ histograms: histograms ? { e2e: histograms } : {} }), wide);
    expect(text).toContain("E2E of 97 requests (ms)");
    expect(renderTerminal(exampleSummary({ histograms: {} }), wide)).not.toContain("of 97 requests (ms)");
  });
});

describe("renderMarkdown", () => {
  const text = renderMarkdown(exampleSummary());
  test("has every section, with cells that cannot break a table", () => {
    expect(text).toContain("| TTFT median | 110.0 ms | 112.0 ms |");
    expect(text).toContain("| Output tokens per second | 80.50 | 88.25 |");
    expect(text).toContain("| Machine | 1.9 of 2 cores busy (max 2) |");
    expect(text).toMatch(/^# script · local · 2026/);
    expect(text).toContain("**✗ 1 of 2 thresholds FAILED: llamacpp_completions_truncated_rate: rate<0.4**");
    expect(text).toContain('```mermaid\nxychart-beta\n    title "TTFT of 97 requests"');
    expect(text).toContain("| `llamacpp_completions_truncated_rate: rate<0.4` | **failed** |");
    expect(text).toContain('| `stop` | ["a\\|b"] |');
    expect(text).toContain("| TTFT (ms) | 120.5 | 30.25 | 80.00 | 110.0 | 200.0 | 250.0* | 390.0* | 400.0 |");
  });
});

describe("renderCsv", () => {
  const [header, ...rows] = renderCsv([exampleSummary(), exampleSummary({ metrics: {} })])
    .trim()
    .split("\n")
    .map((line) => line.split(","));

  test("has one row per run under one header, and empty cells for what is absent", () => {
    const cell = (row: string[] | undefined, name: string) => row?.[header?.indexOf(name) ?? -1];
    expect(rows).toHaveLength(2);
    expect(cell(rows[0], "ttft_p90")).toBe("200");
    expect(cell(rows[0], "ttft_certified_p90")).toBe("260");
    expect(cell(rows[0], "ttft_certified_p99")).toBe("");
    expect(cell(rows[0], "requests_per_second")).toBe("1.6167");
    expect(cell(rows[0], "requests_refused")).toBe("0");
    expect(cell(rows[1], "ttft_p90")).toBe("");
    expect(cell(rows[0], "steady_ttft_median")).toBe("112");
    expect(cell(rows[0], "steady_tpot_median")).toBe("");
    expect(cell(rows[0], "server_requests_deferred_max")).toBe("2");
    expect(cell(rows[0], "server_speculative_acceptance")).toBe("");
    expect(cell(rows[0], "server_peak_memory_bytes")).toBe("301000000");
    expect(cell(rows[0], "warnings")).toBe("few_requests");
  });

  test("has totals over the GPUs of the machine, and no total if one GPU does not report its value", () => {
    const device = (index: number, more: object) => ({ index, name: "H100", peakMemoryBytes: 100, ...more });
    const utilisation = (mean: number) => ({ utilisation: { mean, max: 1 } });
    const gpus = {
      devices: [device(0, { ...utilisation(0.5), energyJoules: 10 }), device(1, utilisation(0.25))],
      absent: [{ what: "gpu 1 energyJoules", reason: "too few readings" }],
    };
    const server = { ...exampleSummary().server, cacheUsage: { mean: 0.5, max: 0.75 } };
    const [names = "", row = ""] = renderCsv([exampleSummary({ gpus, server })]).split("\n");
    const cells = Object.fromEntries(names.split(",").map((name, index) => [name, row.split(",")[index]]));
    expect(cells).toMatchObject({
      gpus: "2",
      gpu_utilisation_mean: "0.375",
      gpu_peak_memory_bytes: "200",
      gpu_power_watts_mean: "",
      gpu_energy_joules: "",
      joules_per_output_token: "",
      server_cache_usage_mean: "0.5",
      server_cache_usage_max: "0.75",
    });
  });

  test("its header does not depend on the runs", () => {
    expect(renderCsv([]).trim().split(",")).toEqual(header);
    expect(new Set(header).size).toBe(header?.length);
  });
});
