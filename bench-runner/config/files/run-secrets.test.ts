import { describe, expect, it } from "vitest";
import { readTargets } from "./read-sections.ts";
import { describePlainKey, takeSecrets } from "./run-secrets.ts";
import { parseYaml } from "./yaml-file.ts";

type Texts = Record<string, string>;

/** What k6 and the runner would get, of a target with these lines, with these variables and flags. */
function take(target: string, variables: Texts = {}, flags: Texts = {}, common = ""): Texts {
  const [entry] = readTargets(parseYaml(`- {name: a, ${target}}`, "t.yaml"));
  const [top] = common === "" ? [] : readTargets(parseYaml(`- {name: top, ${common}}`, "t.yaml"));
  const placed = { ...top?.options, ...entry?.options };
  const taken = takeSecrets(placed, entry, flags, variables);
  expect(placed).toEqual({});
  return Object.fromEntries(
    Object.entries(taken).filter(([name]) => /_(KEY|FILE|HEADERS)$/.test(name)),
  ) as Texts;
}

const KEY = "SERVER_BENCH_API_KEY";
const FILE = "SERVER_BENCH_API_KEY_FILE";

describe("the key of a run", () => {
  const rows: [string, Texts, Texts][] = [
    ["is the target's own", take("api_key: own"), { [KEY]: "own" }],
    [
      "is that, and not one that is set for everything",
      take("api_key: own", { [KEY]: "all" }),
      { [KEY]: "own" },
    ],
    ["is in the file that the target names", take("api_key_file: k", { [KEY]: "all" }), { [FILE]: "k" }],
    [
      "is in the target's file before the key at the top",
      take("api_key_file: k", {}, {}, "api_key: top"),
      { [FILE]: "k" },
    ],
    ["is the top's where the target has none", take("", {}, {}, "api_key: top"), { [KEY]: "top" }],
    ["is the variable's before the top's", take("", { [KEY]: "all" }, {}, "api_key: top"), { [KEY]: "all" }],
    ["may be the variable's by its name", take(`api_key_env: ${KEY}`, { [KEY]: "all" }), { [KEY]: "all" }],
    [
      "may be the variable's by a reference",
      take(`api_key: "\${${KEY}}"`, { [KEY]: "all" }),
      { [KEY]: "all" },
    ],
    ["is left alone where a flag names a file", take("api_key: own", {}, { "api-key-file": "f" }), {}],
  ];
  it.each(rows)("%s", (_, taken, expected) => {
    expect(taken).toEqual(expected);
  });
});

describe("headers", () => {
  it("keep their references, which hide the secrets", () => {
    const name = "SERVER_BENCH_HEADERS";
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference to a variable
    expect(take("headers: {X-A: '${B}'}")).toEqual({ [name]: '["X-A: ${B}"]' });
    expect(take("headers: ['X-A: b']", { [name]: "X-C: d" })).toEqual({ [name]: "X-C: d" });
  });
});

describe("a key in a file", () => {
  const rows: [string, string, boolean][] = [
    ["as it is, for a server elsewhere", "base_url: https://llm.example.com, api_key: sk-123", true],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference to a variable
    ["by a variable", "base_url: https://llm.example.com, api_key: '${KEY}'", false],
    ["of a server of this machine", "base_url: http://localhost:8000/v1, api_key: sk-123", false],
    ["that is none", "base_url: https://llm.example.com, api_key: EMPTY", false],
    ["that is not there", "base_url: https://llm.example.com", false],
    [
      "for a name that only begins like this machine's",
      "base_url: http://localhost.example.com, api_key: sk-1",
      true,
    ],
  ];
  it.each(rows)("%s", (_, text, isSaid) => {
    const [target] = readTargets(parseYaml(`- {name: a, ${text}}`, "t.yaml"));
    const notice = target && describePlainKey(target);
    expect(notice !== undefined).toBe(isSaid);
    if (isSaid) expect(notice).toMatch(/^t\.yaml:1: this file contains a key .*`api_key_env: NAME`\.$/);
    expect(notice ?? "").not.toContain("sk-1");
  });
});
