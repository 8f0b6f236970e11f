import { describe, expect, it } from "vitest";
import { OptionError } from "../option-error.ts";
import { type OptionSpec, parseOption, resolveOptions } from "./option.ts";
import { LOAD_OPTIONS } from "./options.ts";

describe("the text of an option", () => {
  const accepted: [string, OptionSpec, string, unknown][] = [
    ["a count is a whole number above 0", { kind: "count" }, "12", 12],
    ["a whole number may be 0", { kind: "whole" }, "0", 0],
    ["a number may be negative and broken", { kind: "number" }, "-0.5", -0.5],
    ["a share reaches from 0 to 1", { kind: "share" }, "1", 1],
    ["bare seconds", { kind: "seconds" }, "90", 90],
    ["broken seconds", { kind: "seconds" }, "1.5", 1.5],
    ["minutes", { kind: "seconds" }, "10m", 600],
    ["a sum of units", { kind: "seconds" }, "1h30m", 5400],
    ["milliseconds are not minutes", { kind: "seconds" }, "500ms", 0.5],
    ["a text may have spaces", { kind: "text" }, " a b ", " a b "],
    ["one word is a list of one", { kind: "words" }, "</s>", ["</s>"]],
    ["a JSON list of words", { kind: "words" }, '["a", "b,c"]', ["a", "b,c"]],
    ["a switch by name alone", { kind: "switch" }, "", true],
    ["a switch turned off", { kind: "switch" }, "false", false],
    ["one of the choices", { kind: "choice", choices: ["x", "y"] }, "y", "y"],
    ["a URL with a path", { kind: "url" }, "https://host:8080/v1", "https://host:8080/v1"],
  ];
  it.each(accepted)("%s", (_, spec, text, value) => {
    expect(parseOption(spec, text, "`X`")).toEqual(value);
  });

  const refused: [string, OptionSpec, string, string][] = [
    ["0 is not a count", { kind: "count" }, "0", "`X`: expected a whole number above 0, got `0`."],
    ["letters are not a count", { kind: "count" }, "abc", "`X`: expected a whole number above 0, got `abc`."],
    ["nothing is not a count", { kind: "count" }, " ", "`X`: expected a whole number above 0, got ` `."],
    ["1e999 is not a number", { kind: "number" }, "1e999", "`X`: expected a number, got `1e999`."],
    ["2 is not a share", { kind: "share" }, "2", "`X`: expected a number from 0 to 1, got `2`."],
    [
      "an unknown unit is not a time",
      { kind: "seconds" },
      "5x",
      "`X`: expected a time such as `90`, `1.5`, `10m` or `1h30m`, got `5x`.",
    ],
    [
      "a list of numbers is not a list of words",
      { kind: "words" },
      "[1]",
      '`X`: expected a word, or a JSON list of words such as `["a", "b"]`, got `[1]`.',
    ],
    [
      "a name that JavaScript defines is not a switch",
      { kind: "switch" },
      "constructor",
      "`X`: expected `true` or `false`, got `constructor`.",
    ],
    [
      "a word that is not a choice",
      { kind: "choice", choices: ["x", "y"] },
      "z",
      "`X`: expected one of `x`, `y`, got `z`.",
    ],
    [
      "a host alone is not a URL",
      { kind: "url" },
      "localhost:8080",
      "`X`: expected a URL that starts with http:// or https://, got `localhost:8080`.",
    ],
    [
      "a secret is not shown",
      { kind: "count", secret: true },
      "hunter2",
      "`X`: expected a whole number above 0, got a secret.",
    ],
  ];
  it.each(refused)("%s", (_, spec, text, message) => {
    expect(() => parseOption(spec, text, "`X`")).toThrow(new OptionError(message));
  });
});

describe("where a value comes from", () => {
  const table = {
    size: { kind: "count", flag: "size", variable: "SIZE", default: 3 },
    note: { kind: "text", flag: "note", variable: "NOTE", default: "none", mayBeEmpty: true },
    free: { kind: "text", flag: "free", variable: "FREE" },
  } as const;

  it("a flag wins over a variable, a variable over a file, a file over the default", () => {
    const all = { flags: { size: "1" }, variables: { SIZE: "2" }, file: { size: "4" } };
    expect(resolveOptions(table, all).values.size).toBe(1);
    expect(resolveOptions(table, { ...all, flags: {} }).values.size).toBe(2);
    expect(resolveOptions(table, { file: { size: "4" } }).values.size).toBe(4);
    expect(resolveOptions(table, {})).toEqual({
      values: { size: 3, note: "none" },
      origins: { size: "default", note: "default" },
    });
  });

  it("an empty variable counts as not given, unless the option may be empty", () => {
    const { values, origins } = resolveOptions(table, { variables: { SIZE: "", NOTE: "", FREE: "" } });
    expect(values).toEqual({ size: 3, note: "" });
    expect(origins).toEqual({ size: "default", note: "variable" });
  });

  it("an error names the key, the value and where it came from", () => {
    expect(() => resolveOptions(table, { flags: { size: "x" } })).toThrow("`--size`: expected");
    expect(() => resolveOptions(table, { variables: { SIZE: "x" } })).toThrow("`SIZE`: expected");
    expect(() => resolveOptions(table, { file: { size: "x" }, fileName: "a.yaml" })).toThrow(
      "`size` in a.yaml: expected",
    );
  });
});

describe("the table of load options", () => {
  it("keeps the seven variables of llama.cpp's bench, with their defaults; the number of prompts is the dataset's", () => {
    const { values } = resolveOptions(LOAD_OPTIONS, {});
    expect(values).toMatchObject({
      url: "http://localhost:8080/v1",
      modelAlias: "my-model",
      maxTokens: 512,
      maxPromptTokens: 1024,
      maxContext: 2048,
    });
    expect(LOAD_OPTIONS.dataset.variable).toBe("SERVER_BENCH_DATASET");
    expect(LOAD_OPTIONS.nPrompts.variable).toBe("SERVER_BENCH_N_PROMPTS");
    expect(values.nPrompts).toBeUndefined();
  });

  it("describes each option, and every default fits its own option", () => {
    for (const [key, spec] of Object.entries<OptionSpec>(LOAD_OPTIONS)) {
      expect(LOAD_OPTIONS[key as keyof typeof LOAD_OPTIONS].text).toBeTruthy();
      if (spec.default !== undefined)
        expect(parseOption(spec, String(spec.default), key)).toEqual(spec.default);
    }
  });
});
