import { describe, expect, it, test } from "vitest";
import { isEndedByThreshold, toK6Message } from "./k6-log.ts";

const line = (level: string, msg: string, more = "") =>
  `time="2026-11-22T19:31:35Z" level=${level} msg=${msg}${more}`;

describe("the user sees from k6's log", () => {
  const rows: [string, string, string | undefined][] = [
    ["warnings", line("warning", '"Request Failed" error="x"'), "Request Failed"],
    ["errors", line("error", '"it broke"'), "it broke"],
    ["what the scenario says", line("info", '"157 rows pass"', " source=console"), "157 rows pass"],
    ["nothing else that is information", line("info", '"Starting"'), undefined],
    ["no lines of HTTP debugging", "POST /v1/chat/completions HTTP/1.1", undefined],
    [
      "no thresholds, which the summary has",
      line("error", "\"thresholds on metrics 'a' have been crossed\""),
      undefined,
    ],
    ["a text of several lines as one", line("error", '"a\\n  b\\tc\\n"'), "a b c"],
    ["quotes inside", line("error", '"say \\"no\\""'), 'say "no"'],
    ["Go's escapes that JSON lacks, as they are", line("error", '"a\\x00b"'), "a\\x00b"],
    ["a bare word", line("error", "oops"), "oops"],
  ];
  it.each(rows)("%s", (_, text, expected) => {
    expect(toK6Message(text)).toBe(expected);
  });

  it("long messages cut to 500 characters", () => {
    expect(toK6Message(line("error", `"${"x".repeat(2000)}"`))).toHaveLength(500);
  });
});

test("k6's last words tell a threshold that ended the run from one that failed at its end", () => {
  const crossed = "thresholds on metrics 'llamacpp_ttft, checks'";
  const ended = `${crossed} were crossed; at least one has abortOnFail enabled, stopping test prematurely`;
  expect(isEndedByThreshold([line("info", "a"), line("error", `"${ended}"`)])).toBe(true);
  expect(isEndedByThreshold([line("error", `"${crossed} have been crossed"`)])).toBe(false);
  expect(isEndedByThreshold([])).toBe(false);
});
