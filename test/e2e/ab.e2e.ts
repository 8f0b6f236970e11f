// Two servers at once: which requests they get, and what the summary says of their difference.
import { describe, expect, it } from "vitest";
import { type Behaviour, type FakeServer, startFakeServer } from "../fake/fake-server.ts";
import { type ChatPrompt, promptOf } from "../run/chat-prompt.ts";
import { type RunnerRun, runRunner } from "../run/runner-run.ts";

interface AbRun {
  ran: RunnerRun;
  a: FakeServer;
  b: FakeServer;
}

/** Both servers, one of which begins its answers later by the given number of milliseconds. */
async function run(args: readonly string[], laterMs: { a?: number; b?: number } = {}): Promise<AbRun> {
  const behave = (ms = 0): Behaviour => ({ tokens: 4, tokenDelayMs: 1, firstTokenDelayMs: 20 + ms });
  const [a, b] = await Promise.all([
    startFakeServer({ behaviour: behave(laterMs.a) }),
    startFakeServer({ behaviour: behave(laterMs.b) }),
  ]);
  try {
    const ran = await runRunner({ args: ["--ab", a.url, b.url, "--max-tokens", "16", ...args] });
    return { ran, a, b };
  } finally {
    await Promise.all([a.close(), b.close()]);
  }
}

const textsOf = ({ chats }: FakeServer) => chats.map(({ body }) => promptOf(body as ChatPrompt)).sort();

describe("two servers at once", () => {
  it.each([
    ["a plain closed loop", ["--vus", "2", "--n-prompts", "40"], 40],
    ["an open loop", ["--rate", "40", "--duration", "2s"], 40],
    ["clients with prompts of their own", ["--scenario", "closed", "--vus", "2", "--iterations", "80"], 40],
    ["prompts that are sent once", ["--vus", "2", "--n-prompts", "30", "--when-out", "end"], 30],
  ])("%s: both get the same prompts, and as many", async (_, args, each) => {
    const { ran, a, b } = await run(args);
    expect(ran.exitCode).toBe(0);
    expect(a.chats).toHaveLength(each);
    expect(textsOf(b)).toEqual(textsOf(a));
    expect(ran.summary?.ab).toMatchObject({ a: a.url, b: b.url, pairs: { compared: each, lost: 0 } });
    expect(ran.summary?.groups?.server).toMatchObject([
      { name: "a", requests: each },
      { name: "b", requests: each },
    ]);
    expect(ran.summary?.reconciliation).toMatchObject({ verdict: "unavailable" });
    expect(ran.summary?.crossCheck.verdict).toBe("exact");
  });

  it("the slower one is found, whichever it is, with the difference of the pairs", async () => {
    const load = ["--vus", "2", "--n-prompts", "60"];
    const slowB = await run(load, { b: 60 });
    const [ttft] = slowB.ran.summary?.ab?.pairs.differences ?? [];
    expect(ttft).toMatchObject({ metric: "ttft", pairs: 60, verdict: "a is faster" });
    expect(ttft?.difference).toBeGreaterThan(20);
    expect(slowB.ran.stdout).toMatch(/TTFT of b − a +\+\d[\d.]* ms \(.* at 95 %\).*: a is faster/);
    const slowA = await run(load, { a: 60 });
    expect(slowA.ran.summary?.ab?.pairs.differences[0]?.verdict).toBe("b is faster");
  });

  it("conversations go on with the server that they began with", async () => {
    const { ran, a, b } = await run([
      ...[
        "--vus",
        "2",
        "--prompt-tokens",
        "20",
        "--max-turns",
        "3",
        "--n-prompts",
        "8",
        "--output-length",
        "limit",
      ],
      ...["--output-tokens", "8"],
    ]);
    expect(ran.exitCode).toBe(0);
    expect(a.chats).toHaveLength(24);
    expect(b.chats).toHaveLength(24);
    expect(ran.summary?.conversations).toMatchObject({ started: 16, completed: 16 });
    expect(ran.summary?.ab?.pairs).toMatchObject({ compared: 24, lost: 0 });
  });

  it.each([
    [["--ab", "http://127.0.0.1:9"], "expected the URLs of two servers, got one"],
    [["--ab", "http://127.0.0.1:9", "nonsense"], "got `nonsense`"],
    [["--ab", "http://127.0.0.1:9", "http://127.0.0.1:9", "--url", "http://127.0.0.1:9"], "Leave one out"],
  ])("%j is refused", async (args, words) => {
    const ran = await runRunner({ args });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain(words);
  });

  it("a second server that is not there is missed before the load begins", async () => {
    const a = await startFakeServer({ behaviour: {} });
    try {
      const ran = await runRunner({ args: ["--ab", a.url, "http://127.0.0.1:9", "--ready-timeout", "0"] });
      expect(ran.exitCode).toBe(1);
      expect(ran.stderr).toContain("No server answers at http://127.0.0.1:9");
      expect(a.chats).toHaveLength(0);
    } finally {
      await a.close();
    }
  });
});
