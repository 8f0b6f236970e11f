import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { quoteWord } from "../../platform/shell-word.ts";
import { toCommandText, toProgramText } from "./command-text.ts";

describe("a word for the shell", () => {
  it.each([
    "plain",
    "two words",
    "it's",
    'a "b" $HOME `id` \\ *',
    "",
    "ünï",
    "line\nfeed",
    "~/x",
    "!history",
    "#no-comment",
  ])("`%s` comes back as it was", (word) => {
    const out = execFileSync("/bin/sh", ["-c", `printf %s ${quoteWord(word)}`], { encoding: "utf8" });
    expect(out).toBe(word);
  });
});

describe("a command", () => {
  const rows: [string, Record<string, string>, string][] = [
    [
      "has plain values as they are",
      { url: "http://a:1", "max-tokens": "64" },
      "x --url http://a:1 --max-tokens 64",
    ],
    ["quotes what a shell would take apart", { model: "my model.gguf" }, "x --model 'my model.gguf'"],
    ["has a switch without a value", { quiet: "true" }, "x --quiet"],
    ["repeats a flag for each word", { slo: '["ttft=1s","tpot=50ms"]' }, "x --slo ttft=1s --slo tpot=50ms"],
    ["ties a value with a dash to its flag", { model: "-odd" }, "x --model=-odd"],
    ["is the program alone without flags", {}, "x"],
  ];
  it.each(rows)("%s", (_, flags, text) => {
    expect(toCommandText("x", flags)).toBe(text);
  });

  it("names the program as it is typed in the project's folder, else by its path", () => {
    expect(toProgramText("/home/a/project", "/home/a/project")).toBe("node bench-runner");
    expect(toProgramText("/home/a", "/home/a/project")).toBe("node /home/a/project/bench-runner");
    expect(toProgramText("/tmp", "/home/a b/p")).toBe("node '/home/a b/p/bench-runner'");
  });
});
