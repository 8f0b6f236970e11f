import { describe, expect, it } from "vitest";
import { chat } from "../apis/chat/api.ts";
import { createEventCollector } from "./event-facts.ts";
import type { Facts } from "./facts.ts";
import { createGiveUp, REMEDIES } from "./give-up.ts";

const url = "http://127.0.0.1:8080/v1/chat/completions";

function facts(atMs: number, more: Partial<Facts>): Facts {
  return { ...createEventCollector(chat.dialect, atMs).facts, ended: "no_stream", ...more };
}
const refused = (atMs: number) =>
  facts(atMs, { error: { kind: "tcp", message: "connect: connection refused" } });
const status = (code: number, body = "") => facts(0, { status: code, body });
const complete = facts(0, { status: 200, ended: "marker", tokenEvents: 3, fields: { finishReason: "stop" } });
const cut = facts(0, { status: 200, ended: "eof", tokenEvents: 3 });

/** What a client that saw these says after each. */
const reasons = (all: Facts[]) => {
  const giveUp = createGiveUp(url, REMEDIES);
  return all.map((one) => giveUp(one));
};
const times = (count: number, make: (index: number) => Facts) =>
  Array.from({ length: count }, (_, i) => make(i));

describe("createGiveUp", () => {
  it("goes on for 9 failures, and gives up at the 10th", () => {
    const said = reasons(times(10, () => status(500)));
    expect(said.slice(0, 9)).toEqual(Array(9).fill(undefined));
    expect(said[9]).toContain("last status 500");
  });

  it.each([
    ["401 asks for the key", status(401), "SERVER_BENCH_API_KEY"],
    ["404 asks for the address", status(404), "SERVER_BENCH_URL"],
    ["503 asks to wait", status(503), "loaded its model"],
    ["a refused connection asks for a server", refused(0), "Start a server there"],
  ])("%s", (_, failure, remedy) => {
    const said = reasons(times(10, () => failure)).at(-1);
    expect(said).toContain(url);
    expect(said).toContain(remedy);
  });

  it("quotes the server on one line, shortened", () => {
    const said = reasons(times(10, () => status(404, `no\n such  model ${"x".repeat(1000)}`))).at(
      -1,
    ) as string;
    expect(said).toContain("(no such model xxx");
    expect(said.length).toBeLessThan(500);
    expect(said).not.toContain("\n");
  });

  it.each([
    ["a request completed before", complete],
    ["a stream broke off before: the server is there", cut],
  ])("goes on when %s", (_, first) => {
    expect(reasons([first, ...times(50, () => status(503))])).toEqual(Array(51).fill(undefined));
  });

  it("gives up when a server is gone: 20 refused requests in a row over 5 seconds", () => {
    const said = reasons([complete, ...times(20, (i) => refused(1000 + i * 300))]);
    expect(said.slice(0, 20)).toEqual(Array(20).fill(undefined));
    expect(said[20]).toContain("The server is gone");
  });

  it("waits for 5 seconds even if requests are refused quickly", () => {
    const said = reasons([complete, ...times(500, (i) => refused(i * 10))]);
    expect(said.filter((reason) => reason !== undefined)).toEqual([]);
  });

  it("restarts its count when the server is back", () => {
    const gone = times(19, (i) => refused(i * 300));
    expect(reasons([complete, ...gone, complete, ...gone]).filter((reason) => reason !== undefined)).toEqual(
      [],
    );
  });
});
