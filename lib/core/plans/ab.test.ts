// Pairs of requests for two servers: every prompt goes to both, and neither server is always first.
import { describe, expect, it } from "vitest";
import { checkAb, pairOf } from "./ab.ts";

const seeds = [1, 42, 4711];
const all = (seed: number) => Array.from({ length: 2000 }, (_, index) => pairOf(index, seed));

describe("pairs", () => {
  it.each(seeds)("have one request for each server (seed %d)", (seed) => {
    const requests = all(seed);
    for (let pair = 0; pair < 1000; pair++) {
      const [first, second] = [requests[pair * 2], requests[pair * 2 + 1]];
      expect([first?.pair, second?.pair]).toEqual([pair, pair]);
      expect([first?.side, second?.side].sort()).toEqual(["a", "b"]);
    }
  });

  it.each(seeds)("begin with either server about as often (seed %d)", (seed) => {
    const first = all(seed).filter(({ side }, index) => index % 2 === 0 && side === "a").length;
    expect(first).toBeGreaterThan(430);
    expect(first).toBeLessThan(570);
  });

  it("are the same with the same seed, and others with another", () => {
    expect(all(1)).toEqual(all(1));
    expect(all(1)).not.toEqual(all(2));
  });
});

describe("the addresses", () => {
  it.each([
    [["http://127.0.0.1:1"], "got one"],
    [["http://a", "http://b", "http://c"], "got 3"],
    [["http://a", "localhost:8080"], "got `localhost:8080`"],
  ])("%j are refused", (urls, words) => {
    expect(() => checkAb(urls)).toThrow(words);
  });

  it("may be absent", () => expect(() => checkAb(undefined)).not.toThrow());
});
