import { describe, expect, it } from "vitest";
import { exampleSummary } from "../../../test/unit-support/examples/example-summary.ts";
import { toSideRun } from "./side-run.ts";

const busy = (mean: number) =>
  toSideRun(
    exampleSummary({
      warnings: [],
      host: { cpuCores: { mean, max: 2 }, logicalCores: 2 },
      client: { k6CpuCores: 0.1 },
      server: { process: { cpuCores: 0.6, peakMemoryBytes: 1 }, absent: [] },
    }),
  ).doubts;

describe("what makes a run doubtful", () => {
  it("other programs that used much of the machine", () => {
    expect(busy(2)).toEqual([
      {
        code: "busy_machine",
        text: "Other programs kept 1.3 of the machine's 2 cores busy, which may have changed the figures.",
      },
    ]);
    expect(busy(1)).toEqual([]);
  });

  it("its own warnings about the client, not those about its answers", () => {
    const warning = (code: string) => ({ code, text: `${code}.`, remedy: "None." });
    const { doubts } = toSideRun(
      exampleSummary({ warnings: [warning("high_truncation"), warning("client_bottleneck")] }),
    );
    expect(doubts).toEqual([{ code: "client_bottleneck", text: "client_bottleneck." }]);
  });
});
