import { describe, expect, it } from "vitest";
import { resolveConfig } from "../../config/config.ts";
import { toServerKey } from "./shared-server.ts";

const keyOf = (flags: Record<string, string>, command?: { start: string }) =>
  toServerKey(resolveConfig({ flags, variables: {}, ...(command && { command }) }));

describe("two runs share a server", () => {
  const base = { model: "a.gguf" };

  it("that is started with the same options, whatever their load is", () => {
    expect(keyOf({ ...base, vus: "2" })).toBe(keyOf({ ...base, rate: "5", "max-tokens": "9" }));
    expect(keyOf({ vus: "2" }, { start: "serve" })).toBe(keyOf({ vus: "4" }, { start: "serve" }));
  });

  it("and none with other options", () => {
    const other = [{ ...base, parallel: "2" }, { ...base, "ctx-size": "512" }, { model: "b.gguf" }];
    const keys = [base, ...other].map((flags) => keyOf(flags));
    expect(new Set(keys).size).toBe(4);
    expect(keyOf({}, { start: "serve a" })).not.toBe(keyOf({}, { start: "serve b" }));
  });

  it("but never a server that runs already", () => {
    expect(keyOf({ url: "http://localhost:1" })).toBeUndefined();
  });
});
