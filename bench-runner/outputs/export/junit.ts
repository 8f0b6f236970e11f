// The thresholds of a run as JUnit XML, for a CI system that shows tests: what failed and by how much, and the warnings.
import builder from "junit-report-builder";
import type { K6SummaryData } from "../../../lib/core/goals/console-summary.ts";
import { toDigits } from "../../../lib/core/units.ts";
import { toPlainLine } from "../../platform/plain-text.ts";
import { describeFound, toOwnThresholds } from "../../summary/judge/gates.ts";
import type { Summary } from "../../summary/summary.ts";

/** The warning that the first test case already reports. */
const TOLD_ELSEWHERE = "partial_run";

/**
 * One suite for the run: the test case "the run is whole", which fails if the run is partial; one per requirement and
 * threshold, which fail with the measured value; and one per warning that applies, skipped, with its text and remedy as
 * output. So warnings are visible without failing, and a run without k6's summary has its thresholds skipped, not passed.
 * @param k6Summary the source of the measured values
 */
export function toJunit(summary: Summary, k6Summary: K6SummaryData | undefined): string {
  const { run, requirements = [], warnings } = summary;
  const report = builder.newBuilder();
  const suite = report
    .testSuite()
    .name(toXmlText(`server-bench ${run.name}`))
    .timestamp(run.start.slice(0, 19))
    .time(Math.max(0, (Date.parse(run.end) - Date.parse(run.start)) / 1000));
  const addCase = (group: string, name: string) =>
    suite
      .testCase()
      .className(toXmlText(`server-bench.${run.scenario}.${group}`))
      .name(toXmlText(name));

  const whole = addCase("run", "the run is whole");
  if (run.partial) whole.failure(toXmlText(run.partialReason ?? "the run is partial"), "partial");
  for (const result of requirements) {
    const { text, ok, uncertain, value, reason } = result;
    const testCase = addCase("requirement", text);
    const found = value === undefined ? (reason ?? "it is unknown") : `it is ${describeFound(result)}`;
    const verdict = uncertain ? "is uncertain" : "was not met";
    if (!ok) testCase.failure(toXmlText(`\`${text}\` ${verdict}: ${found}.`), "requirement");
  }
  for (const { metric, rule, ok } of toOwnThresholds(summary)) {
    const testCase = addCase("threshold", `${metric}: ${rule}`);
    if (!ok) testCase.failure(toXmlText(describeMiss(metric, rule, k6Summary)), "threshold");
  }
  if (k6Summary === undefined) {
    addCase("threshold", "thresholds")
      .skipped()
      .standardOutput("k6 left no summary: the results of its thresholds are unknown.");
  }
  for (const { code, text, remedy } of warnings) {
    if (code === TOLD_ELSEWHERE) continue;
    addCase("warning", code)
      .skipped()
      .standardOutput(`${toXmlText(text)}\n${toXmlText(remedy)}`);
  }
  return toValidRoot(report.build());
}

/** "`rate<0.8` was not met: rate is 0.9125." */
function describeMiss(metric: string, rule: string, k6Summary: K6SummaryData | undefined): string {
  const values = k6Summary?.metrics[metric]?.values ?? {};
  const [, statistic = ""] = /^\s*([a-z]+(?:\([\d.]+\))?)/.exec(rule) ?? [];
  const named = values[statistic] === undefined ? values : { [statistic]: values[statistic] };
  const measured = Object.entries(named).map(([name, value]) => `${name} is ${toDigits(value)}`);
  return `\`${rule}\` was not met: ${measured.join(", ") || "k6 reports no measured value"}.`;
}

/** One line: XML 1.0 cannot represent most control characters, and the builder splits only the first `]]>` of a text. */
function toXmlText(text: string): string {
  return toPlainLine(text).replaceAll("]]>", "]] >");
}

/** The schema that CI systems check against has no `skipped` at the root, where the builder writes it. */
function toValidRoot(xml: string): string {
  return `${xml.replace(/(<testsuites\b[^>]*?) skipped="\d+"/, "$1")}\n`;
}
