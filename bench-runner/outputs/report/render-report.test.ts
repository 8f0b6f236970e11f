import { describe, expect, it } from "vitest";
import { formatValue } from "../../../lib/core/units.ts";
import { exampleReportData } from "../../../test/unit-support/examples/example-report-data.ts";
import { exampleGroups, exampleSummary } from "../../../test/unit-support/examples/example-summary.ts";
import type { Summary } from "../../summary/summary.ts";
import { html, toScriptJson, withCode } from "../html.ts";
import { toK6Command, toShellCommand } from "./html/configuration.ts";
import { toGateWords } from "./html/gate-words.ts";
import { toTroubles } from "./html/troubles.ts";
import { toRunVerdict } from "./html/verdict-section.ts";
import { renderReport } from "./render-report.ts";

const EVIL = `</script></style><img src=x onerror="alert(1)">'--><!--`;
const parts = { script: "console.log(1)", style: "a{}" };

/** The same with every text replaced, except the project's own words. */
function poison<T>(value: T): T {
  if (typeof value === "string") return EVIL as T;
  if (Array.isArray(value)) return value.map(poison) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "group" || key === "unit" || key === "key" || (key === "name" && /^p\d\d$/.test(String(inner)))
        ? inner
        : poison(inner),
    ]),
  ) as T;
}

describe("escaping", () => {
  it("lets no text of a run become HTML: names, models, errors, commands, files, labels, rules", () => {
    const summary = exampleSummary(exampleGroups());
    const environment = {
      ...{ schema: "server-bench/environment/1", host: "h", os: "o", kernel: "k", architecture: "a" },
      ...{ cpu: { model: "m", logicalCores: 2 }, memoryBytes: 1, node: "n", serverBench: "0" },
      ...{ server: { models: ["m"], build: "b" }, model: { path: "p", bytes: 1 }, git: { branch: "b" } },
    } as const;
    const page = renderReport(
      poison({ ...summary, environment }) as Summary,
      poison(exampleReportData()),
      parts,
      { commands: { k6: [EVIL], server: [EVIL] }, files: [[EVIL, EVIL]] },
    );
    expect(page).not.toContain("<img");
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page.match(/<style>/g)).toHaveLength(1);
    expect(page).not.toContain("<!--");
    expect(page).not.toMatch(/\son\w+="/);
    const text = /<script type="application\/json" id="page-data">(.*?)<\/script>/s.exec(page)?.[1] ?? "";
    expect(JSON.parse(text).rules[0]).toBe(EVIL);
  });

  it("escapes the values of a template, joins lists, and drops undefined values", () => {
    expect(html`<p title="${'"'}">${["<", html`<b>x</b>`]}${undefined}${false}${0}</p>`.text).toBe(
      '<p title="&#34;">&#60;<b>x</b>0</p>',
    );
    expect(html`${"\u0000a\u001bb"}`.text).toBe(" a b");
    expect(toScriptJson("</script>\u2028\u001b\\u001b").text).toBe('"\\u003c/script\\u003e  \\\\u001b"');
  });

  it("shows text between backticks as code", () => {
    expect(withCode("use `--a <b>`, not `c").text).toBe("use <code>--a &#60;b&#62;</code>, not `c");
  });

  it("has k6's variables in a command that can be copied, except those that name the run's files", () => {
    const k6Variables = {
      SERVER_BENCH_URL: "http://h/v1",
      SERVER_BENCH_STOP: "",
      SERVER_BENCH_JOURNAL: "/j",
    };
    expect(toK6Command({ k6: ["k6", "run", "a b.js"], k6Variables })).toBe(
      "SERVER_BENCH_URL=http://h/v1 \\\nSERVER_BENCH_STOP='' \\\nk6 run 'a b.js'",
    );
  });

  it("quotes a command for a shell", () => {
    expect(toShellCommand(["k6", "run", "a b", "it's"])).toBe("k6 run 'a b' 'it'\\''s'");
  });
});

describe("the page", () => {
  it("allows its own script by hash, inline style, and nothing else", () => {
    const page = renderReport(exampleSummary(), exampleReportData(), parts);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
    expect(policy).toBe(
      "default-src &#39;none&#39;; script-src &#39;sha256-CihokcEcBW4atb/CW/XWsvWwbTjqwQlE9nj9ii5ww5M=&#39;; style-src &#39;unsafe-inline&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;",
    );
    expect(() =>
      renderReport(exampleSummary(), exampleReportData(), { ...parts, script: "'</script>'" }),
    ).toThrow();
  });

  it("shows every chart's finding, the warnings with their remedies, and each statistic", () => {
    const page = renderReport(exampleSummary(exampleGroups()), exampleReportData(), parts);
    expect(page).toContain("9 requests did not complete");
    expect(page).toContain("97 requests are too few.");
    expect(page).toContain("→ Send more.");
    expect(page).toContain("110.0 ms");
    expect(page).toContain("By task");
    expect(page).toContain("97 of 100");
  });
});

describe("the verdict", () => {
  const met = [{ metric: "a", rule: "rate>0", ok: true }];
  const run = { ...exampleSummary().run, partial: true, partialReason: "the server died" };
  const arrivals = { offered: 9, sent: 9, dropped: 0, heldBack: 0 };
  const nothing = { started: 3, measured: 3, byVerdict: { refused: 3 }, byFlag: {} };

  const saturation = {
    saturated: true,
    achievedShare: 0.5,
    queueGrowthPerSecond: 2,
    reason: "the queue grew",
  };
  const whole = { started: 100, measured: 100, byVerdict: { complete: 100 }, byFlag: {} };
  const slos = [{ metric: "ttft", limitMs: 500, from: "sent", met: 100, missed: 0 }] as const;
  const toGoodput = (met: number) => ({
    slos: [...slos],
    met,
    missed: 100 - met,
    neverSent: 0,
    share: met / 100,
  });
  const goodputRequirement = { text: "goodput > 30%", ok: true, value: 0.39, limit: 0.3, unit: "share" };
  const requirement = { text: "success > 9%", ok: true, value: 1, limit: 0.09, unit: "share" };

  it.each([
    ["passed", { thresholds: met, requests: whole }],
    ["requests failed", { thresholds: met }],
    ["passed with failures", { thresholds: met, requirements: [requirement] }],
    ["SLOs missed", { thresholds: met, requests: whole, goodput: toGoodput(39) }],
    [
      "passed, SLOs missed",
      { thresholds: met, requests: whole, requirements: [requirement], goodput: toGoodput(39) },
    ],
    [
      "passed",
      { thresholds: met, requests: whole, requirements: [goodputRequirement], goodput: toGoodput(39) },
    ],
    ["passed", { thresholds: met, requests: whole, goodput: toGoodput(100) }],
    [
      "uncertain",
      { thresholds: met, requests: whole, goodput: { ...toGoodput(100), met: 98, uncertain: 2 } },
    ],
    ["failed", {}],
    ["failed", { run }],
    ["partial", { thresholds: met, run }],
    ["failed", { thresholds: met, requests: nothing }],
    ["not judged", { thresholds: [], requests: whole }],
    ["requests failed", { thresholds: [] }],
    ["saturated", { thresholds: met, saturation }],
    ["passed", { thresholds: met, requests: whole, saturation, requirements: [requirement] }],
  ] as const)("is %s", (word, more) => {
    const summary = exampleSummary(more as Partial<ReturnType<typeof exampleSummary>>);
    expect(toRunVerdict(summary).word).toBe(word);
  });

  it("is green only for a run that passed; failures and missed objectives are amber, with the goal in words", () => {
    const colourOf = (more: Partial<Summary>) =>
      /class="verdict ([\w-]+)"/.exec(renderReport(exampleSummary(more), exampleReportData(), parts))?.[1];
    const judged = { thresholds: met, requests: whole };
    expect(colourOf({ ...judged, goodput: toGoodput(100) })).toBe("passed");
    expect(colourOf({ ...judged, goodput: toGoodput(39) })).toBe("amber");
    expect(colourOf({ thresholds: met })).toBe("amber");
    expect(toRunVerdict(exampleSummary({ ...judged, goodput: toGoodput(39) })).reasons).toEqual([
      "61 of 100 requests missed the SLO (goodput 39 %): TTFT ≤ 500 ms.",
      "The run reached its planned end: all 100 requests were done. Its threshold was met.",
    ]);
    expect(toRunVerdict(exampleSummary({ ...judged, goodput: toGoodput(100) })).reasons).toEqual([
      "The run reached its planned end: all 100 requests were done. Its threshold was met.",
      "Goodput 100 % (TTFT ≤ 500 ms).",
    ]);
    const page = renderReport(
      exampleSummary({ ...judged, goodput: toGoodput(39) }),
      exampleReportData(),
      parts,
    );
    expect(page).toMatch(
      /class="bad"><span class="label">Goodput<\/span><strong>39 %<\/strong><span class="meaning">39 of 100 requests met TTFT ≤ 500 ms</,
    );
  });

  it("has reasons", () => {
    expect(toRunVerdict(exampleSummary({ run })).reasons).toEqual([
      "3 of 100 measured requests failed: 3 × cut.",
      "The run did not reach its planned end: the server died.",
      "1 of 2 thresholds failed.",
    ]);
  });

  it("reports when requests failed, that a server fell behind or was restarted, and how many requests were still open", () => {
    const summary = exampleSummary({
      requests: {
        started: 9,
        measured: 9,
        byVerdict: { complete: 2, refused: 4, interrupted: 3 },
        byFlag: {},
      },
      arrivals: { ...arrivals, offeredPerSecond: 5 },
      server: {
        absent: [{ what: "all", reason: "its counters went back: it was restarted during the load" }],
      },
    });
    expect(toTroubles(summary, exampleReportData())).toEqual([
      "The server did not keep up with the rate: 5.000 requests/s were due and 1.617 requests/s completed in the window, up to 4 were open at a time.",
      "4 of 9 measured requests failed between 0:12 and 0:14: 4 × refused.",
      "3 of 9 measured requests were still open when the run ended: no latency includes them.",
      "The server was restarted during the load.",
    ]);
  });

  it("does not report a server as slow if its requests failed, or if its queue did not grow", () => {
    const slow = { arrivals: { ...arrivals, offeredPerSecond: 5 } };
    const failing = { started: 9, measured: 9, byVerdict: { complete: 5, cut: 4 }, byFlag: {} };
    expect(toTroubles(exampleSummary({ ...slow, requests: failing }))).toEqual([
      "4 of 9 measured requests failed: 4 × cut.",
    ]);
    const saturation = { saturated: false, achievedShare: 1, queueGrowthPerSecond: 0 };
    const open = { started: 9, measured: 9, byVerdict: { complete: 5, interrupted: 4 }, byFlag: {} };
    expect(toTroubles(exampleSummary({ ...slow, saturation, requests: open }))).toHaveLength(1);
  });

  it("shows the metric of k6's thresholds, and the run's value", () => {
    const words = (text: string) => toGateWords({ text, ok: true }, exampleSummary());
    expect(words("llamacpp_completions_truncated_rate{phase:measure}: rate<0.8")).toEqual({
      title: "Truncated",
      found: formatValue(0.4124, "share"),
    });
    expect(words("llamacpp_completions_truncated_rate{task:chat}: rate<0.8")).toEqual({ title: "Truncated" });
    expect(words("my_own: rate<0.8")).toEqual({});
  });
});
