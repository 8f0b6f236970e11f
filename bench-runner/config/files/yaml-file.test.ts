import { describe, expect, it } from "vitest";
import { toPlain } from "./option-text.ts";
import { parseYaml } from "./yaml-file.ts";

const read = (text: string) => toPlain(parseYaml(text, "a.yaml"));

const lines = Array.from(
  { length: 8 },
  (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(", ")}]`,
);
/** Eight lists of ten aliases each of the one before. */
const laughs = `a0: &a0 x\n${lines.join("\n")}\n`;

describe("a YAML file", () => {
  it("is read with the line of everything in it", () => {
    const value = parseYaml("a: 1\n\nb:\n  - c: x\n    d:\n", "a.yaml");
    expect(value).toMatchObject({
      kind: "map",
      entries: [
        { key: "a", place: { file: "a.yaml", line: 1 }, value: { value: 1, source: "1" } },
        { key: "b", place: { line: 3 }, value: { kind: "list" } },
      ],
    });
    const list = value.kind === "map" ? value.entries[1]?.value : undefined;
    expect(list?.kind === "list" && list.items[0]).toMatchObject({
      place: { line: 4 },
      entries: [
        { key: "c", place: { line: 4 } },
        { key: "d", place: { line: 5 }, value: { value: null } },
      ],
    });
  });

  it("keeps a value as it is written: 007 is not 7 where a name is meant", () => {
    expect(parseYaml("007", "a.yaml")).toMatchObject({ kind: "value", source: "007" });
    expect(parseYaml("on", "a.yaml")).toMatchObject({ value: "on" });
  });

  it("may define a thing once and use it often; an entry's own keys win over merged ones", () => {
    const text =
      "base: &base {x: 1, y: 2}\none: *base\ntwo:\n  <<: *base\n  y: 3\nboth:\n  <<: [*base, {z: 4}]\n";
    expect(read(text)).toEqual({
      base: { x: 1, y: 2 },
      one: { x: 1, y: 2 },
      two: { y: 3, x: 1 },
      both: { x: 1, y: 2, z: 4 },
    });
  });

  const wrong: [string, string, RegExp][] = [
    [
      "a bracket that stays open",
      "a: 1\nb: [1, 2\n",
      /^a\.yaml:[23]: This is not valid YAML: .*\. Correct this line/,
    ],
    [
      "a key that appears twice",
      "a: 1\nb: 2\na: 3\n",
      /^a\.yaml:3: This is not valid YAML: Map keys must be unique/,
    ],
    ["a tab as indent", "a:\n\tb: 1\n", /^a\.yaml:\d: This is not valid YAML: /],
    ["a second document", "a: 1\n---\nb: 2\n", /^a\.yaml:[23]: A second document begins here/],
    ["nothing", "", /^a\.yaml:1: The file is empty/],
    ["only a comment", "# nothing\n", /^a\.yaml:1: The file is empty/],
    ["an alias of nothing", "a: *b\n", /^a\.yaml:1: .*b/],
    ["a list as a key", "? [a, b]\n: 1\n", /^a\.yaml:1: A key must be a word/],
    ["a merge of a word", "a:\n  <<: b\n", /^a\.yaml:2: `<<` takes a mapping/],
    ["aliases that stand for 10^9 values", laughs, /^a\.yaml:\d+: There are more than 100000 values/],
    ["brackets in brackets", "[".repeat(50_000), /^a\.yaml:1: This is not valid YAML/],
    ["an alias of its own container", "a: &a\n  b: *a\n", /^a\.yaml:\d: Values are nested more than 20 deep/],
  ];
  it.each(wrong)("with %s is refused with its line", (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
