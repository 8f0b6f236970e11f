// The classic scenario on a k6 that has only the community extension: it works, and says that its times are coarse.
import { describe, expect, it } from "vitest";
import { iterations, runLoad } from "../fake/fake-load.ts";
import type { Behaviour, BehaviourSource } from "../fake/fake-server.ts";
import { endOf, standinK6 } from "../run/k6-run.ts";

const REQUESTS = 12;

const cases: {
  name: string;
  behaviour: BehaviourSource;
  env?: Record<string, string>;
  exitCode: number;
  complete: number;
  /** Tokens of one complete request. */
  tokens?: number;
}[] = [
  { name: "plain answers", behaviour: { tokenDelayMs: 5 }, exitCode: 0, complete: REQUESTS },
  {
    name: "comments, which that extension gives as events",
    behaviour: { tokenDelayMs: 10, pingEveryMs: 3 },
    exitCode: 0,
    complete: REQUESTS,
  },
  {
    name: "line ends of two characters, of which one stays in the data",
    behaviour: { lineEnd: "crlf" },
    exitCode: 0,
    complete: REQUESTS,
  },
  {
    name: "thoughts before the answer",
    behaviour: { reasoningTokens: 4 },
    exitCode: 0,
    complete: REQUESTS,
    tokens: 20,
  },
  { name: "answers without usage", behaviour: { usage: "never" }, exitCode: 0, complete: REQUESTS },
  {
    name: "truncated answers",
    behaviour: {},
    env: { SERVER_BENCH_MAX_TOKENS: "5" },
    exitCode: 99,
    complete: REQUESTS,
    tokens: 5,
  },
  {
    name: "every third stream cut in the middle, without a hang",
    behaviour: (index): Behaviour => (index % 3 ? {} : { fault: { kind: "fin", afterTokens: 2 } }),
    exitCode: 0,
    complete: (REQUESTS * 2) / 3,
  },
  {
    name: "every third stream reset in the middle, without a hang",
    behaviour: (index): Behaviour =>
      index % 3 ? {} : { tokenDelayMs: 10, fault: { kind: "rst", afterTokens: 2 } },
    exitCode: 0,
    complete: (REQUESTS * 2) / 3,
  },
  {
    name: "silence that the total limit ends",
    behaviour: [{ fault: { kind: "stall", afterTokens: 2 } }, {}],
    env: { SERVER_BENCH_TOTAL_TIMEOUT: "1" },
    exitCode: 0,
    complete: REQUESTS - 1,
  },
  {
    name: "a busy server every second time",
    behaviour: (index): Behaviour => (index % 2 ? { status: 503 } : {}),
    exitCode: 0,
    complete: REQUESTS / 2,
  },
  {
    name: "errors inside the streams",
    behaviour: { fault: { kind: "error_event", afterTokens: 2 } },
    exitCode: 99,
    complete: 0,
  },
];

describe("dist/script.js on a k6 with the community extension", () => {
  it.each(cases)("$name", async ({ behaviour, env, exitCode, complete, tokens = 16 }) => {
    const { run, server } = await runLoad(behaviour, {
      k6: standinK6,
      args: iterations(REQUESTS, 2),
      ...(env && { env }),
      limitMs: 30_000,
    });
    expect(endOf(run)).toEqual({ exitCode, hung: false });
    expect(run.output).toContain("Times are coarse: this k6 has the community extension");
    expect(server.chats).toHaveLength(REQUESTS);
    const values = (name: string): Record<string, number> => run.summary?.metrics[name]?.values ?? {};
    expect(values("llamacpp_success_rate")).toMatchObject({ passes: complete, fails: REQUESTS - complete });
    // A counter that nothing was added to is not in k6's summary.
    const { count } = values("llamacpp_completion_tokens_total_counter");
    expect(count).toBe(complete === 0 ? undefined : complete * tokens);
    if (complete === 0) return;
    for (const name of ["llamacpp_ttft", "llamacpp_e2e", "llamacpp_headers"]) {
      expect(values(name).count, name).toBe(complete);
      expect(values(name).min, name).toBeGreaterThan(0);
    }
    expect(values("llamacpp_itl").count).toBe(complete * (tokens - 1));
  });

  it("says so in one sentence when nothing listens", async () => {
    const { run } = await runLoad(
      {},
      { k6: standinK6, args: iterations(40, 2), env: { SERVER_BENCH_URL: "http://127.0.0.1:1/v1" } },
    );
    expect(endOf(run)).toEqual({ exitCode: 108, hung: false });
    expect(run.output).toContain("No connection to http://127.0.0.1:1/v1/chat/completions");
  });
});
