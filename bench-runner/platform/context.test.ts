import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createContext } from "./context.ts";
import { inProject } from "./project-root.ts";

function record() {
  const lines: [string, string][] = [];
  const sink = (name: string) => ({ write: (text: string) => lines.push([name, text]) });
  const context = createContext({ A: "1" }, { stdout: sink("stdout"), stderr: sink("stderr") });
  return { lines, context };
}

describe("the context of a program", () => {
  it("writes messages to standard error and results to standard output, a line each", () => {
    const { lines, context } = record();
    context.say("a notice");
    context.print("a result");
    expect(lines).toEqual([
      ["stderr", "a notice\n"],
      ["stdout", "a result\n"],
    ]);
    expect(context.variables).toEqual({ A: "1" });
  });

  it("breaks long messages between their words on a terminal, under their indentation, and results never", () => {
    const lines: string[] = [];
    const terminal = { write: (text: string) => lines.push(text), isTTY: true, columns: 20 };
    const context = createContext({}, { stdout: terminal, stderr: terminal });
    const text = "  a sentence of several words\nhttp://a-very-long.example/v1";
    context.say(text);
    context.print(text);
    expect(lines).toEqual(["  a sentence of\n  several words\nhttp://a-very-long.example/v1\n", `${text}\n`]);
  });

  it("hides every secret that it knows, also if a copy of the context writes", () => {
    const { lines, context } = record();
    const copy = { ...context, git: {} };
    context.hide(["sesame-1"]);
    context.hide(["sesame-1-and-2"]);
    copy.say("sesame-1-and-2 is not a key");
    copy.print("neither is sesame-1");
    expect(lines).toEqual([
      ["stderr", "(hidden) is not a key\n"],
      ["stdout", "neither is (hidden)\n"],
    ]);
  });
});

it("is the only way to write a line: nothing else in the runner writes to standard output or error", () => {
  const root = inProject("bench-runner");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  expect(files.length).toBeGreaterThan(100);
  const writers = files.filter((name) =>
    /process\.std(out|err)\.write|console\.\w+\(/.test(readFileSync(join(root, name), "utf8")),
  );
  // A development tool, without secrets.
  expect(writers).toEqual([join("cli", "docs", "write-docs.ts")]);
});
