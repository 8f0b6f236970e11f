import { describe, expect, it } from "vitest";
import { toLocalPorts, USUAL_PORTS } from "./local-ports.ts";

describe("ports of this machine", () => {
  it("are the usual ones", () => {
    const usual = USUAL_PORTS.map(([port]) => port);
    expect(toLocalPorts(undefined)).toEqual(usual);
    expect(toLocalPorts("")).toEqual(usual);
  });

  it("can be others, each once", () => {
    expect(toLocalPorts("9000, 9001,9000")).toEqual([9000, 9001]);
  });

  it.each(["abc", "0", "65536", "1,,2", "8080;8000", Array.from({ length: 40 }, (_, i) => i + 1).join(",")])(
    "`%s` is refused",
    (text) =>
      expect(() => toLocalPorts(text)).toThrow(/SERVER_BENCH_LOCAL_PORTS`: expected at most 32 ports/),
  );
});
