import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseOption } from "../../../lib/core/options/option.ts";
import { ALL_OPTIONS } from "../../config/option-flags.ts";
import { listKeys, SHOWN_KEYS, toConfigYaml, toYamlValue } from "./config-yaml.ts";

const text = toConfigYaml();
const toOption = (key: string, value: unknown) =>
  parseOption(ALL_OPTIONS[key] as (typeof ALL_OPTIONS)[string], String(value), key);

describe("the first server-bench.yaml", () => {
  it("sets the few options that matter to their defaults", () => {
    const values = parse(text) as Record<string, unknown>;
    expect(Object.keys(values)).toEqual([...SHOWN_KEYS]);
    for (const [key, value] of Object.entries(values)) {
      expect(toOption(key, value)).toEqual(ALL_OPTIONS[key]?.default);
    }
  });

  it("names each option once, with its meaning, and no secret one", () => {
    const keys = [...text.matchAll(/^(?:# )?([a-z]\w*):(?: .*)?$/gim)].map(([, key]) => key as string);
    expect([...keys].sort()).toEqual([...listKeys()].sort());
    expect(keys).not.toContain("apiKey");
    expect(keys).toContain("slo");
  });

  it("has defaults that are accepted once the comment signs are removed", () => {
    const lines = text.split("\n").filter((line) => /^# [a-z]\w*: /i.test(line) && !line.includes("<"));
    const values = parse(lines.map((line) => line.slice(2)).join("\n")) as Record<string, unknown>;
    expect(Object.keys(values).length).toBeGreaterThan(20);
    for (const [key, value] of Object.entries(values)) {
      expect(toOption(key, value)).toEqual(ALL_OPTIONS[key]?.default ?? true);
    }
  });

  it("is at most 100 columns wide, except for lists of choices", () => {
    const lines = text.split("\n").filter((line) => !line.includes("|"));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  });
});

it.each(["plain", "a/b:c", "You are a helpful assistant.", "true: x", "# no", "", "- x", "a: b", "x:"])(
  "the text `%s` comes back from YAML",
  (value) => expect(parse(`key: ${toYamlValue(value)}`)).toEqual({ key: value }),
);
