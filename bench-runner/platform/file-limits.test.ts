import { describe, expect, it } from "vitest";
import { judgeFileLimits, parseLimits } from "./file-limits.ts";

describe("parseLimits", () => {
  it.each([
    ["1024\n1048576\n", { soft: 1024, hard: 1048576 }],
    ["unlimited\nunlimited\n", { soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY }],
    ["1024\n", undefined],
    ["sh: bad\noption", undefined],
    ["", undefined],
  ])("%j", (text, expected) => {
    expect(parseLimits(text)).toEqual(expected);
  });
});

describe("judgeFileLimits", () => {
  const here = { clients: 1000, serverStartsHere: true };

  it("says nothing if every stream has room", () => {
    expect(judgeFileLimits({ soft: 1100, hard: 1100 }, here)).toBeUndefined();
  });

  it("says nothing about a low soft limit if only k6 starts here: Go raises it", () => {
    expect(judgeFileLimits({ soft: 256, hard: 4096 }, { ...here, serverStartsHere: false })).toBeUndefined();
  });

  it("names the server if its soft limit is low", () => {
    expect(judgeFileLimits({ soft: 256, hard: 4096 }, here)).toBe(
      "The server may run out of open files: 256 are allowed (`ulimit -n`) for 1000 clients. `ulimit -n 1100` before the run raises it.",
    );
  });

  it("warns if the hard limit is low", () => {
    expect(judgeFileLimits({ soft: 1030, hard: 1030 }, here)).toMatch(
      /^The limit of open files is low: 1030 .* for 1000 clients. `ulimit -n 1100` .* as root/,
    );
  });

  it("refuses what cannot work, with the remedy", () => {
    expect(() => judgeFileLimits({ soft: 64, hard: 64 }, { clients: 60, serverStartsHere: false })).toThrow(
      /^60 clients need 84 open files or more, and 64 are allowed here .*`ulimit -n 160` .* fewer `--vus`\.$/,
    );
  });
});
