import { describe, expect, it } from "vitest";
import { LastScrape } from "./last-scrape.ts";

const prometheus = { "x-prometheus-scrape-timeout-seconds": "1" };

describe("the last scrape", () => {
  it("is waited for only where Prometheus has scraped", () => {
    const scrape = new LastScrape();
    scrape.note({ "user-agent": "curl" }, 0);
    scrape.setFinal(true);
    expect(scrape.waitMs).toBe(0);
  });

  it("may take its interval and a half, and half a second, never more than 20 s", () => {
    const scrape = new LastScrape();
    scrape.note(prometheus, 0);
    expect(scrape.waitMs).toBe(20_000); // its interval is not known yet
    scrape.note(prometheus, 5000);
    expect(scrape.waitMs).toBe(8000);
    scrape.note(prometheus, 65_000);
    expect(scrape.waitMs).toBe(20_000);
  });

  it("has been when one came after the end, until there is more to see", () => {
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

  it("ends the wait, and so does the wish to stop", async () => {
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
