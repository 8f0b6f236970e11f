import { expect, it } from "vitest";
import { type Calibration, describeCalibration } from "./calibration-file.ts";

const calibration: Calibration = {
  schema: "server-bench/calibration/1",
  atUnixMs: 0,
  streams: 8,
  tokens: 64,
  paceMs: 20,
  firstTokenMs: 200,
  requests: 40,
  unmatched: 0,
  stamps: "kernel",
  stampErrorMs: { median: 0.02, p99: 0.04 },
  ttftErrorMs: { median: 0.03, p99: 0.1 },
  mergedTokensShare: 0,
  eventsPerSecond: 180_000.4,
};

it("a calibration is described in one line", () => {
  expect(describeCalibration(calibration)).toBe(
    "stamp error p99 0.040 ms, TTFT error p99 0.100 ms at 8 streams; client's limit 180,000 events/s",
  );
  expect(describeCalibration({ ...calibration, busyCores: 1.46 })).toContain(
    "at 8 streams beside 1.5 busy cores; client's",
  );
  const { eventsPerSecond: _, ...rest } = calibration;
  expect(describeCalibration({ ...rest, streams: 1 })).toBe(
    "stamp error p99 0.040 ms, TTFT error p99 0.100 ms at 1 stream",
  );
});
