import { describe, expect, it } from "vitest";
import { mayAsk, wantsPlainQuestions } from "./may-ask.ts";

const there = { stdin: { isTTY: true }, stderr: { isTTY: true } };

describe("a run without flags", () => {
  const rows: [string, Parameters<typeof mayAsk>, boolean][] = [
    ["asks on a terminal", [{}, there, {}], true],
    ["does not ask where a flag is given", [{ vus: "3" }, there, {}], false],
    ["does not ask where stdin is a file", [{}, { ...there, stdin: {} }, {}], false],
    ["does not ask where stderr is a file", [{}, { ...there, stderr: { isTTY: false } }, {}], false],
    ["does not ask in CI", [{}, there, { CI: "true" }], false],
    ["does not ask in GitHub's CI", [{}, there, { GITHUB_ACTIONS: "true" }], false],
    ["asks where CI is switched off", [{}, there, { CI: "false" }], true],
    ["does not ask where a variable names the server", [{}, there, { SERVER_BENCH_URL: "http://a" }], false],
    ["does not ask where a variable names the model", [{}, there, { SERVER_BENCH_MODEL: "a.gguf" }], false],
    ["asks where such a variable is empty", [{}, there, { SERVER_BENCH_URL: "" }], true],
    ["asks where another option has a variable", [{}, there, { SERVER_BENCH_VUS: "3" }], true],
  ];
  it.each(rows)("%s", (_, given, expected) => {
    expect(mayAsk(...given)).toBe(expected);
  });
});

describe("questions are plain", () => {
  const rows: [string, Record<string, string>, boolean][] = [
    ["on a terminal that cannot move its cursor", { TERM: "dumb" }, true],
    ["where the terminal is unknown", {}, true],
    ["where they are wanted", { TERM: "xterm", ACCESSIBLE: "1" }, true],
    ["but not on a usual terminal", { TERM: "xterm-256color" }, false],
  ];
  it.each(rows)("%s", (_, variables, expected) => {
    expect(wantsPlainQuestions(variables)).toBe(expected);
  });
});
