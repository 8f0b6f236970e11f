import { describe, expect, it } from "vitest";
import { LastScrape } from "./last-scrape.ts";

const prometheus = { "x-prometheus-scrape-timeout-seconds": "1" };

describe("the last scrape", () => {
  it("is awaited only if Prometheus has scraped", () => {
    const scrape = new LastScrape();
    scrape.note({ "user-agent": "curl" }, 0);
    scrape.setFinal(true);
    expect(scrape.waitMs).toBe(0);
  });

  it("may take one and a half intervals plus half a second, at most 20 s", () => {
    const scrape = new LastScrape();
    scrape.note(prometheus, 0);
    expect(scrape.waitMs).toBe(20_000); // its interval is still unknown
    scrape.note(prometheus, 5000);
    expect(scrape.waitMs).toBe(8000);
    scrape.note(prometheus, 65_000);
    expect(scrape.waitMs).toBe(20_000);
  });

  it("is done after one at the end, until the next load", () => {
    const scrape = new LastScrape();
    scrape.note(prometheus, 0);
    scrape.setFinal(true);
    expect(scrape.waitMs).toBeGreaterThan(0);
    scrape.note(prometheus, 1000);
    expect(scrape.waitMs).toBe(0);
    scrape.setFinal(false);
    scrape.setFinal(true);
    expect(scrape.waitMs).toBe(2000);
  });

  it("ends the wait, and so does a stop request", async () => {
    const scrape = new LastScrape();
    scrape.note(prometheus, 0);
    scrape.setFinal(true);
    const waiting = scrape.wait(new AbortController().signal);
    scrape.note(prometheus, 15_000);
    await waiting;

    scrape.setFinal(true);
    const stop = new AbortController();
    const stopped = scrape.wait(stop.signal);
    stop.abort();
    await stopped;
  });
});
