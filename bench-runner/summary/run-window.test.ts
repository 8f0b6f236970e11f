import { describe, expect, it } from "vitest";
import { config, outcome } from "../../test/unit-support/examples/example-journal.ts";
import type { RunInput } from "./run-input.ts";
import { toOffered, toWindow } from "./run-window.ts";
import type { JournalTally } from "./tallies/journal-tally.ts";

/** Three arrivals of a plan of 62 s; the run lasted as long as the epochs say. */
function ask(values: Record<string, number>, runSeconds: number) {
  const none = { requests: 0, firstStartMs: Number.POSITIVE_INFINITY, lastEndMs: Number.NEGATIVE_INFINITY };
  const journal = {
    measured: { requests: 3, firstStartMs: 200, lastEndMs: 200 + runSeconds * 1000 - 300 },
    others: none,
    epochUnixMs: outcome.startedUnixMs,
  } as unknown as JournalTally;
  const input = {
    config: { ...config, kind: "open", durationSeconds: 62, values: { duration: 62, ...values } },
    outcome: { ...outcome, endedUnixMs: outcome.startedUnixMs + runSeconds * 1000 },
    schedule: { offsetsMs: [0, 1000, 60_000], seconds: 62 },
  } as unknown as RunInput;
  return { window: toWindow(journal, input), offered: toOffered(journal, input) };
}

describe("a run with a schedule", () => {
  it("ends at its planned time, and was offered what was due in it", () => {
    expect(ask({}, 63).window).toMatchObject({ startMs: 200, endMs: 62_200, endedBy: "duration" });
    expect(ask({}, 63).offered).toEqual({ count: 3, spanMs: 60_000 });
    expect(ask({}, 30).offered?.count).toBe(2);
  });

  it("with skipped pauses ends with its last request, and was offered what was sent or dropped", () => {
    const { window, offered } = ask({ skipIdleMin: 1 }, 4);
    expect(window).toEqual({ startMs: 200, endMs: 3900, seconds: 3.7, endedBy: "requests" });
    expect(offered).toBeUndefined();
  });
});
