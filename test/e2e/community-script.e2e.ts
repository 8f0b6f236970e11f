// A script that was written for the community extension runs on ours, unchanged.
import { describe, expect, it } from "vitest";
import { runLoad } from "../fake/fake-load.ts";
import type { Behaviour } from "../fake/fake-server.ts";
import { endOf, standinK6 } from "../run/k6-run.ts";

const script = new URL("../fixtures/scripts/llamacpp-style.js", import.meta.url).pathname;
const REQUESTS = 8;
/** 16 tokens, and the role, finish, usage and end events around them. */
const EVENTS = 20;

const cases: {
  name: string;
  behaviour: Behaviour;
  env?: Record<string, string>;
  exitCode: number;
  events: number;
  tokens: number;
  truncated?: number;
  errors?: number;
  k6?: string;
}[] = [
  { name: "plain answers", behaviour: {}, exitCode: 0, events: EVENTS, tokens: 16 },
  {
    name: "plain answers, as on the community extension",
    k6: standinK6,
    behaviour: {},
    exitCode: 0,
    events: EVENTS,
    tokens: 16,
  },
  {
    name: "pings, which are no events",
    behaviour: { tokenDelayMs: 20, pingEveryMs: 5 },
    exitCode: 0,
    events: EVENTS,
    tokens: 16,
  },
  {
    name: "line ends of two characters, and a byte order mark",
    behaviour: { lineEnd: "crlf", bom: true },
    exitCode: 0,
    events: EVENTS,
    tokens: 16,
  },
  {
    name: "truncated answers, which fail its threshold",
    behaviour: {},
    env: { SERVER_BENCH_MAX_TOKENS: "4" },
    exitCode: 99,
    events: 8,
    tokens: 4,
    truncated: REQUESTS,
  },
  {
    name: "streams cut in the middle: each reaches its error handler once, and none hangs",
    behaviour: { tokenDelayMs: 10, fault: { kind: "fin", afterTokens: 3 } },
    exitCode: 0,
    events: 4,
    tokens: 0,
    errors: REQUESTS,
  },
  {
    name: "refusals of the server: a response with that status, no event",
    behaviour: { status: 503 },
    exitCode: 99,
    events: 0,
    tokens: 0,
  },
];

describe("a script in the style of llama.cpp's server bench", () => {
  it.each(cases)("$name", async ({ behaviour, env, k6, ...expected }) => {
    const { run, server } = await runLoad(behaviour, {
      script,
      ...(env && { env }),
      ...(k6 && { k6 }),
    });
    expect(endOf(run)).toEqual({ exitCode: expected.exitCode, hung: false });
    expect(server.chats).toHaveLength(REQUESTS);
    const count = (name: string): number => run.summary?.metrics[name]?.values.count ?? 0;
    expect(count("events")).toBe(REQUESTS * expected.events);
    expect(count("stream_errors")).toBe(expected.errors ?? 0);
    expect(count("llamacpp_completion_tokens_total_counter")).toBe(REQUESTS * expected.tokens);
    if (expected.tokens > 0) {
      expect(count("llamacpp_prompt_tokens_total_counter")).toBe(
        server.chats.reduce((sum, chat) => sum + chat.promptTokens, 0),
      );
      expect(run.summary?.metrics.llamacpp_completions_truncated_rate?.values.passes).toBe(
        expected.truncated ?? 0,
      );
    }
  });

  it("gets the error of a connection that is refused", async () => {
    const { run } = await runLoad({}, { script, env: { SERVER_BENCH_URL: "http://127.0.0.1:1/v1" } });
    expect(endOf(run)).toEqual({ exitCode: 99, hung: false });
    expect(run.output).toContain("An unexpected error occurred: ");
    expect(run.output).toContain("connection refused");
  });
});
