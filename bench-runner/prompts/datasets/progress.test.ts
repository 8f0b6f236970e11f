// What a transfer shows on a terminal, and without one.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type TransferFacts, TransferProgress, toProgressLine } from "./progress.ts";

describe("the line", () => {
  const cases: [facts: TransferFacts, line: string][] = [
    [{ doneBytes: 0, totalBytes: 670e6 }, `${"░".repeat(24)} 0 % · 0 bytes of 670.0 MB`],
    [
      { doneBytes: 335e6, totalBytes: 670e6, bytesPerSecond: 10e6 },
      `${"█".repeat(12)}${"░".repeat(12)} 50 % · 335.0 MB of 670.0 MB · 10.0 MB/s · 0:34 left`,
    ],
    [
      { doneBytes: 669.9e6, totalBytes: 670e6, bytesPerSecond: 0 },
      `${"█".repeat(23)}░ 99 % · 669.9 MB of 670.0 MB · 0 bytes/s`,
    ],
    [{ doneBytes: 1e6, bytesPerSecond: 2e6 }, "1.0 MB · 2.0 MB/s"],
    [{ doneBytes: 500 }, "500 bytes"],
  ];
  it.each(cases)("%j", (facts, line) => {
    expect(toProgressLine(facts)).toBe(line);
  });
});

it("has no bar without room for it", () => {
  const facts = { doneBytes: 5e9, totalBytes: 10e9, bytesPerSecond: 10e6 };
  expect(toProgressLine(facts, 79)).toBe("50 % · 5,000.0 MB of 10,000.0 MB · 10.0 MB/s · 8:20 left");
});

describe("the display", () => {
  let written: string[] = [];
  const start = (isTTY: boolean, columns = 200) =>
    new TransferProgress({
      output: { write: (text: unknown) => written.push(String(text)) > 0, isTTY, columns },
      now: () => Date.now(),
    });
  beforeEach(() => {
    written = [];
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("writes a plain line every 10 s without a terminal, and none after the end", () => {
    const progress = start(false);
    progress.begin(0, 100e6);
    for (let second = 0; second < 25; second++) {
      vi.advanceTimersByTime(1000);
      progress.advance(1e6);
    }
    progress.stop();
    vi.advanceTimersByTime(60_000);
    expect(written).toHaveLength(2);
    expect(written[0]).toMatch(/^[█░]+ 9 % · 9\.0 MB of 100\.0 MB · 900,000 bytes\/s · 1:41 left\n$/);
  });

  it("rewrites one line on a terminal, never wider than that, and removes it at the end", () => {
    const progress = start(true, 30);
    progress.begin(50e6, 100e6);
    progress.advance(10e6);
    vi.advanceTimersByTime(1000);
    progress.stop();
    expect(written).toHaveLength(5);
    for (const text of written.slice(0, 4)) {
      expect(text.startsWith("\r\x1b[2K")).toBe(true);
      expect(text.length).toBeLessThanOrEqual(5 + 29);
    }
    expect(written.at(-1)).toBe("\r\x1b[2K");
  });

  it("assumes 80 columns for a terminal that does not know its width", () => {
    const progress = start(true, 0);
    progress.begin(335e6, 670e6);
    vi.advanceTimersByTime(250);
    progress.stop();
    expect(written[0]).toContain("█░");
    expect(written[0]).toContain("50 % · 335.0 MB of 670.0 MB");
  });

  it("shows the pace of the last seconds, without the bytes that were present before", () => {
    const progress = start(false);
    progress.begin(90e6, 200e6);
    vi.advanceTimersByTime(9000);
    progress.advance(20e6);
    vi.advanceTimersByTime(1000);
    progress.stop();
    expect(written[0]).toContain("110.0 MB of 200.0 MB · 2.0 MB/s");
  });
});
