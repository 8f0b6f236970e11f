// JUnit XML of a summary: its test cases, which of them fail with which message, and that it is valid XML for any text.
import { describe, expect, it } from "vitest";
import { ODD_TEXT } from "../../../test/unit-support/examples/example-records.ts";
import { exampleSummary } from "../../../test/unit-support/examples/example-summary.ts";
import { toJunit } from "./junit.ts";

const k6Summary = {
  metrics: {
    llamacpp_success_rate: { type: "rate", values: { rate: 0.97, passes: 97, fails: 3 } },
    llamacpp_completions_truncated_rate: {
      type: "rate",
      values: { rate: 0.412371134, passes: 40, fails: 57 },
    },
    llamacpp_ttft: { type: "trend", values: { avg: 120.5, "p(95)": 250, "p(99)": 390 } },
  },
};

describe("the JUnit report", () => {
  it("has a test case for the whole run, each threshold and each warning", () => {
    expect(toJunit(exampleSummary(), k6Summary)).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="4" failures="1" errors="0">
  <testsuite name="server-bench local" timestamp="2026-01-02T03:04:05" time="60" tests="4" failures="1" errors="0" skipped="1">
    <testcase classname="server-bench.script.run" name="the run is whole"/>
    <testcase classname="server-bench.script.threshold" name="llamacpp_success_rate: rate&gt;0"/>
    <testcase classname="server-bench.script.threshold" name="llamacpp_completions_truncated_rate: rate&lt;0.4">
      <failure message="\`rate&lt;0.4\` was not met: rate is 0.412371." type="threshold"/>
    </testcase>
    <testcase classname="server-bench.script.warning" name="few_requests">
      <skipped/>
      <system-out><![CDATA[97 requests are too few.
Send more.]]></system-out>
    </testcase>
  </testsuite>
</testsuites>
`.replace("rate&gt;0", "rate>0"),
    );
  });

  it.each([
    ["p(95)<200", "p(95) is 250"],
    ["p(99.9)<200", "avg is 120.5, p(95) is 250, p(99) is 390"],
    ["avg < 100", "avg is 120.5"],
  ])("reports the measured value if `%s` fails", (rule, measured) => {
    const summary = exampleSummary({ thresholds: [{ metric: "llamacpp_ttft", rule, ok: false }] });
    expect(toJunit(summary, k6Summary)).toContain(`was not met: ${measured}.`);
  });

  it("fails a partial run once, with the reason", () => {
    const { run } = exampleSummary();
    const xml = toJunit(
      exampleSummary({
        run: { ...run, partial: true, partialReason: "stopped by Ctrl-C" },
        thresholds: [],
        warnings: [{ code: "partial_run", text: "The run is partial.", remedy: "Run it again." }],
      }),
      k6Summary,
    );
    expect(xml).toContain('<failure message="stopped by Ctrl-C" type="partial"/>');
    expect(xml).toContain('<testsuites tests="1" failures="1" errors="0">');
  });

  it("passes no threshold without a result from k6", () => {
    const xml = toJunit(exampleSummary({ thresholds: [], warnings: [] }), undefined);
    expect(xml).toMatch(/name="thresholds">\s*<skipped\/>\s*<system-out><!\[CDATA\[k6 left no summary/);
  });

  it("is valid XML for any text", () => {
    const { run } = exampleSummary();
    const xml = toJunit(
      exampleSummary({
        run: { ...run, name: ODD_TEXT, partial: true, partialReason: ODD_TEXT },
        thresholds: [{ metric: ODD_TEXT, rule: ODD_TEXT, ok: false }],
        warnings: [{ code: ODD_TEXT, text: ODD_TEXT, remedy: ODD_TEXT }],
      }),
      k6Summary,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters must not be present
    expect(xml).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/);
    expect(xml.isWellFormed()).toBe(true);
    const withoutOutput = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, "");
    expect(withoutOutput).not.toContain("]]>");
    expect(withoutOutput.replace(/&(amp|lt|gt|quot|#x[0-9A-F]+);/g, "")).not.toContain("&");
    expect(withoutOutput).not.toContain("<a>");
    expect(xml).toContain("ünï 🎉");
  });
});
