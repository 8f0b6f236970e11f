import { expect, it } from "vitest";
import { exampleSummary } from "../../../test/unit-support/examples/example-summary.ts";
import type { Summary } from "../../summary/summary.ts";
import { describePlannedEnd } from "./planned-end.ts";

const { window, configuration } = exampleSummary();
const ofTime = { ...(window as NonNullable<Summary["window"]>), endedBy: "duration" as const };

it.each([
  ["its requests", {}, "all 100 requests were done"],
  [
    "its time",
    { window: ofTime, configuration: { ...configuration, durationSeconds: 90 } },
    "its 1m 30s were over",
  ],
  [
    "its arrivals",
    { configuration: { ...configuration, kind: "open" as const } },
    "all 100 arrivals were served",
  ],
  [
    "its conversations",
    { configuration: { ...configuration, values: { maxTurns: 3 } } },
    "its last request was done",
  ],
])("a run that was ended by %s", (_, more: Partial<Summary>, text) => {
  expect(describePlannedEnd(exampleSummary(more))).toBe(text);
});
