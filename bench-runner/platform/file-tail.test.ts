import { appendFileSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ProgressReader } from "../load/progress/terminal-progress.ts";
import { FileTail, readLastLines } from "./file-tail.ts";

const makePath = () => join(mkdtempSync(join(tmpdir(), "server-bench-tail-")), "file");

describe("following a file", () => {
  it("gives whole lines only, each once", () => {
    const path = makePath();
    const tail = new FileTail(path);
    expect(tail.readNewLines()).toEqual([]);
    writeFileSync(path, "a\nb");
    expect(tail.readNewLines()).toEqual(["a"]);
    expect(tail.readNewLines()).toEqual([]);
    appendFileSync(path, "c\nd\n");
    expect(tail.readNewLines()).toEqual(["bc", "d"]);
  });

  it("keeps a character whole that arrives in two parts", () => {
    const path = makePath();
    const tail = new FileTail(path);
    const bytes = Buffer.from("é\n");
    writeFileSync(path, bytes.subarray(0, 1));
    tail.readNewLines();
    appendFileSync(path, bytes.subarray(1));
    expect(tail.readNewLines()).toEqual(["é"]);
  });

  it("skips ahead to a whole line if more than a MiB arrived", () => {
    const path = makePath();
    const tail = new FileTail(path);
    writeFileSync(
      path,
      [..."x".repeat(30_000)]
        .map((x) => x.repeat(99))
        .concat("last", "")
        .join("\n"),
    );
    const lines = tail.readNewLines();
    expect(lines.length).toBeLessThan(11_000);
    expect(lines[0]).toBe("x".repeat(99));
    expect(lines.at(-1)).toBe("last");
  });
});

describe("the last lines of a file", () => {
  it("are its last ones that are not blank", () => {
    const path = makePath();
    writeFileSync(path, "a\n\nb\r\nc\n\n");
    expect(readLastLines(path, 2)).toEqual(["b", "c"]);
    expect(readLastLines(path, 20)).toEqual(["a", "b", "c"]);
  });

  it("are none if the file is missing", () => {
    expect(readLastLines(makePath(), 20)).toEqual([]);
  });
});

describe("the journal's progress", () => {
  const line = (tMs: number, tokens: number) =>
    `${JSON.stringify({ type: "progress", tMs, started: 4, inFlight: 1, done: 3, failed: 0, tokens, firstTokens: 3, firstTokenWaitMs: 9 })}\n`;

  it("is the newest line, with the pace over the last five seconds", () => {
    const path = makePath();
    writeFileSync(path, '{"type":"header"}\n');
    const reader = new ProgressReader(path);
    expect(reader.read()).toBeUndefined();
    expect(reader.tokensPerSecond()).toBeUndefined();
    appendFileSync(path, `${line(1000, 0)}{"type":"request","text":"\\"progress\\""}\n${line(4000, 60)}`);
    expect(reader.read()).toMatchObject({ tMs: 4000, tokens: 60 });
    // (60 − 0) tokens in 4 − 1 seconds.
    expect(reader.tokensPerSecond()).toBe(20);
    appendFileSync(path, line(9000, 110));
    reader.read();
    // The line at 1 s is older than five seconds: (110 − 60) / (9 − 4).
    expect(reader.tokensPerSecond()).toBe(10);
  });
});
