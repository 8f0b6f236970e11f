import { describe, expect, it } from "vitest";
import { resolveConfig } from "../../config/config.ts";
import { toPlanLines } from "./plan-text.ts";

const plan = (flags: Record<string, string>, requests: number | undefined, width = 74) =>
  toPlanLines(resolveConfig({ flags, variables: {} }), requests, width);

describe("the plan", () => {
  it("for a workload has server, model, load, prompts and the expected number of requests", () => {
    expect(plan({ url: "http://u:secret@a:8000", model: "qwen", workload: "high-load" }, 6000)).toEqual([
      "server    http://a:8000",
      "model     qwen",
      "load      20 requests per second, at most 50 at a time, for 5m 00s",
      "prompts   26 to 120 words; answers up to 1,024 tokens; temperature 0.7",
      "requests  6,000 expected",
    ]);
  });

  it("names the file of a server to start, and the number of clients", () => {
    expect(plan({ model: "a.gguf", vus: "4", iterations: "20" }, 20)).toEqual([
      "server    llama-server, started here for the run",
      "model     a.gguf",
      "load      4 clients, each sends its next request when the last one is",
      "          done, for 10m 00s at most",
      "prompts   of any length; answers up to 512 tokens",
      "requests  20 expected",
    ]);
  });

  it("does not promise a number of requests where time alone ends the load", () => {
    expect(plan({ url: "http://a", stages: "10s:2" }, undefined).at(-1)).toBe(
      "requests  as many as the server answers in that time",
    );
  });

  it("does not promise a number of requests where the prompts decide it", () => {
    expect(plan({ url: "http://a", vus: "2", duration: "60" }, 10_000).at(-1)).toBe(
      "requests  each prompt once at most",
    );
    expect(plan({ url: "http://a", rate: "2", duration: "60" }, 120).at(-1)).toBe("requests  120 expected");
  });

  it("uses the singular for one client", () => {
    expect(plan({ url: "http://a", vus: "1", iterations: "2" }, 2, 100)).toContain(
      "load      1 client sends its next request when the last one is done, for 10m 00s at most",
    );
  });
});
