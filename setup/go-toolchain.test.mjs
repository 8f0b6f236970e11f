import { describe, expect, it } from "vitest";
import { isOlder, parseVersion } from "./go-toolchain.mjs";

describe("comparing versions", () => {
  it.each([
    ["1.19.8", "1.21", true],
    ["1.21", "1.21.0", false],
    ["1.9", "1.21", true],
    ["1.26.8", "1.25.0", false],
    ["22.11.0", "22.12", true],
  ])("is %s older than %s: %s", (a, b, wanted) => {
    expect(isOlder(parseVersion(a), parseVersion(b))).toBe(wanted);
  });

  it("reads no version from other text", () => {
    expect(parseVersion("devel +abc")).toEqual([]);
  });
});
