import { describe, expect, it } from "vitest";
import { request } from "../../../test/unit-support/examples/example-journal.ts";
import type { RequestLine } from "./facts.ts";
import { toFirstTokenRange, toOtherEnds } from "./other-ends.ts";
import { toRequestDetails } from "./request-details.ts";

const ends = (line: RequestLine) => Object.fromEntries(toOtherEnds(line, toRequestDetails(line)) ?? []);

describe("toOtherEnds", () => {
  it("has nothing for a first token whose time is known", () => {
    expect(toOtherEnds(request(1, 0), toRequestDetails(request(1, 0)))).toBeUndefined();
  });

  it("has the lower end of times to the first token, and of the time between tokens; the upper end of rates", () => {
    // Sent at 1, headers at 20, first token between 41 and 100, last at 130; 4 tokens of 20 + 4.
    const line = request(1, 0, { firstTokenEarliestMs: 41, scheduledMs: -9 });
    expect(toRequestDetails(line)).toMatchObject({ ttftMs: 99, tpotMs: 89 / 3 });
    expect(ends(line)).toEqual({
      ...{ ttft: 40, ttfo: 40, ttftWithConnect: 41, scheduledTtft: 50 },
      tpot: 10,
      tokensPerSecondPerUser: 100,
      promptTokensPerSecond: 500,
    });
  });

  it("moves only what came with the same read", () => {
    const line = request(1, 0, { firstTokenEarliestMs: 41, firstContentMs: 120, headersMs: 100 });
    const found = ends(line);
    expect(found).toMatchObject({ ttft: 40, headers: 40 });
    expect(found).not.toHaveProperty("ttfo");
  });

  it("has the shortest time between tokens, where the last one may have come earlier", () => {
    // 4 tokens of 24 events and 20 hidden ones; first at 100, last between 112 and 130.
    const line = request(1, 0, { lastTokenEarliestMs: 112 });
    expect(toRequestDetails(line)).toMatchObject({ ttftMs: 99, tpotMs: 10 });
    expect(ends(line)).toEqual({ tpot: 4, tokensPerSecondPerUser: 250 });
    expect(ends(request(1, 0, { firstTokenEarliestMs: 41, lastTokenEarliestMs: 112 }))).toMatchObject({
      ttft: 40,
      tpot: 4,
    });
  });

  it("has the earliest first content, not before the earliest first token", () => {
    const line = request(1, 0, { firstContentMs: 120, firstContentEarliestMs: 105 });
    expect(ends(line)).toEqual({ ttfo: 104 });
    const both = request(1, 0, { firstTokenEarliestMs: 41, firstContentMs: 120, firstContentEarliestMs: 30 });
    expect(ends(both)).toMatchObject({ ttft: 40, ttfo: 40 });
  });

  it("has no limit for the rate of a time that may be 0", () => {
    const line = request(1, 0, { firstTokenEarliestMs: 0, lastTokenMs: 100, gapsUs: [0, 0, 0] });
    expect(toFirstTokenRange(line)).toEqual({ earliestMs: 1, latestMs: 100 });
    expect(ends(line)).toMatchObject({
      ttft: 0,
      tpot: 0,
      tokensPerSecondPerUser: Number.POSITIVE_INFINITY,
      promptTokensPerSecond: Number.POSITIVE_INFINITY,
    });
  });
});
