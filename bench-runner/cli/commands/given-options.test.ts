import { describe, expect, it } from "vitest";
import { toFlagsAlone } from "./given-options.ts";

describe("what files say of a run, as flags", () => {
  it("are texts by flag, where neither flag nor variable says otherwise", () => {
    expect(
      toFlagsAlone({
        flags: { "max-tokens": "5", config: "x", target: "one" },
        variables: { SERVER_BENCH_SEED: "3" },
        file: { maxTokens: "9", seed: "4", url: "http://localhost:1", target: "one", slo: '["ttft=1s"]' },
        names: { target: "one" },
      }),
    ).toEqual({
      flags: { "max-tokens": "5", url: "http://localhost:1", slo: '["ttft=1s"]' },
      variables: { SERVER_BENCH_SEED: "3" },
    });
  });

  it("include a server that a command starts; its variables may be secret, and stay variables", () => {
    expect(
      toFlagsAlone({
        ...{ flags: {}, variables: {}, file: {}, names: {} },
        command: {
          start: "serve",
          stop: "end",
          ready: { path: "/up", timeoutSeconds: 9 },
          env: { A: "b" },
          name: "one",
        },
      }),
    ).toEqual({
      flags: {
        ...{ "server-command": "serve", "server-stop": "end", "server-ready": "/up" },
        ...{ "ready-timeout": "9", "server-name": "one" },
      },
      variables: { SERVER_BENCH_SERVER_ENV: '["A=b"]' },
    });
  });
});
