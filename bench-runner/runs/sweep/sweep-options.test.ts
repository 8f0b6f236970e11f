import { describe, expect, it } from "vitest";
import { readSweepGoal } from "../../decide/sweep/sweep-goal.ts";
import { toPointSources } from "./sweep-loads.ts";
import { takeGiven, toKept, toResumed, withoutFlagged, withoutShape } from "./sweep-options.ts";

describe("options given", () => {
  it("come from flags and variables, flags first, without secrets", () => {
    const variables = {
      SERVER_BENCH_MAX_TOKENS: "9",
      SERVER_BENCH_SEED: "1",
      SERVER_BENCH_API_KEY: "key",
      SERVER_BENCH_API_KEY_FILE: "key.txt",
      SERVER_BENCH_HEADERS: "X-Key: k",
      PATH: "/bin",
    };
    expect(takeGiven({ seed: "2", slo: '["ttft=1s"]' }, variables)).toEqual({
      ...{ "max-tokens": "9", seed: "2", slo: '["ttft=1s"]' },
    });
  });
  it("name one server: a flag overrides a variable", () =>
    expect(takeGiven({ url: "http://a" }, { SERVER_BENCH_MODEL: "m.gguf" })).toEqual({ url: "http://a" }));
  it.each([["vus"], ["rate"], ["trace"], ["workload"]])("may not say how much load there is: --%s", (flag) =>
    expect(() => takeGiven({ [flag]: "1" }, {})).toThrow(new RegExp(`\`--${flag}\` .* which a sweep varies`)),
  );
  it("take a server's command by flag instead of an address by variable, with the model of either", () => {
    const variables = { SERVER_BENCH_URL: "http://a", SERVER_BENCH_MODEL: "m" };
    expect(takeGiven({ engine: "vllm" }, variables)).toEqual({ engine: "vllm", model: "m" });
    expect(takeGiven({ url: "http://b" }, { SERVER_BENCH_SERVER_COMMAND: "serve" })).toEqual({
      url: "http://b",
    });
  });
  it("by variable neither", () => expect(() => takeGiven({}, { SERVER_BENCH_VUS: "4" })).toThrow(/`--vus`/));
});

it("the kept options have no password, no key, and no option of the call itself", () => {
  const given = {
    ...{ url: "http://me:secret@host:1", "max-tokens": "9", quiet: "true", output: "elsewhere" },
    "llama-server-arg": '["--api-key secret","--mlock"]',
  };
  const kept = toKept(given);
  expect(kept).toMatchObject({ url: "http://host:1", "max-tokens": "9" });
  expect(Object.keys(kept)).not.toContain("quiet");
  expect(JSON.stringify(kept)).not.toContain("secret");
  expect(JSON.stringify(kept)).toContain("--mlock");
});

describe("a resumed sweep", () => {
  it("has its own options and those of the current call", () =>
    expect(toResumed({ seed: "1", url: "http://a" }, { quiet: "true", url: "http://me:pw@a" })).toEqual({
      ...{ seed: "1", url: "http://me:pw@a", quiet: "true" },
    }));
  it("cannot change them", () =>
    expect(() => toResumed({ seed: "1" }, { seed: "2" })).toThrow(
      /`--seed` cannot be changed with `--resume`/,
    ));
  it("asks for a key that was not stored", () => {
    const kept = toKept({ "llama-server-arg": '["--api-key secret"]' });
    expect(() => toResumed(kept, {})).toThrow(/give all of these arguments again/);
    expect(toResumed(kept, { "llama-server-arg": '["--api-key secret"]' })["llama-server-arg"]).toContain(
      "secret",
    );
  });
});

it("options that only a variable can give stay variables for each load", () =>
  expect(
    withoutFlagged({ SERVER_BENCH_SEED: "1", SERVER_BENCH_API_KEY: "k", BENCH_K6_BIN_PATH: "k6" }),
  ).toEqual({
    ...{ SERVER_BENCH_API_KEY: "k", BENCH_K6_BIN_PATH: "k6" },
  }));

it("a first look has neither the load's shape nor its goals", () =>
  expect(withoutShape({ arrivals: "constant", duration: "9s", require: "[]", slo: "[]", seed: "1" })).toEqual(
    { seed: "1" },
  ));

describe("a point of a sweep", () => {
  const goal = readSweepGoal({ concurrency: "4" }, false);
  const flagsOf = (options: Record<string, string>, number: number) =>
    toPointSources({ options, goal, variables: {}, git: {} }, 4, number).flags;

  it("has no limit of truncated answers unless the user sets one", () => {
    expect(flagsOf({}, 1)["truncated-limit"]).toBe("1");
    expect(flagsOf({ "truncated-limit": "0.3" }, 1)["truncated-limit"]).toBe("0.3");
  });
});
