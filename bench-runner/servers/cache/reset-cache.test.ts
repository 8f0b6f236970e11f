import { afterEach, describe, expect, it } from "vitest";
import { type FakeServer, type RouteOverrides, startFakeServer } from "../../../test/fake/fake-server.ts";
import { OPEN_ACCESS } from "../../platform/access.ts";
import type { SoftwareName } from "../discover/software.ts";
import { resetCache } from "./reset-cache.ts";

let server: FakeServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** What is said of a server with these answers, and what it was sent. */
async function reset(
  software: SoftwareName | undefined,
  routes: RouteOverrides = {},
  hasHostCache?: boolean,
) {
  server = await startFakeServer({ routes, slots: 2 });
  const done = await resetCache({ url: `${server.url}/v1`, software, hasHostCache }, OPEN_ACCESS);
  return { done, sent: server.requests.map(({ method, path }) => `${method} ${path}`) };
}

const ERASED = { status: 200, body: '{"id_slot":0,"n_erased":107}' };
const SLOTS = { "/slots/0?action=erase": ERASED, "/slots/1?action=erase": ERASED };
// As a llama-server of 2026 answers that was started without `--slot-save-path`.
const REFUSAL =
  '{"error":{"code":501,"message":"This server does not support slots action. Start it with `--slot-save-path`","type":"not_supported_error"}}';

describe("the prompt cache of", () => {
  it("a llama-server is emptied slot by slot", async () => {
    const { done, sent } = await reset("llama-server", SLOTS, false);
    expect(sent).toEqual(["GET /props", "POST /slots/0?action=erase", "POST /slots/1?action=erase"]);
    expect(done).toEqual({
      state: "emptied",
      said: "its 2 slots were erased; it keeps no prompts in host memory",
    });
  });

  it("one that may keep prompts in host memory is emptied in part", async () => {
    const { done } = await reset("llama-server", SLOTS);
    expect(done.state).toBe("partly");
    expect(done.said).toContain("`--cache-ram 0`");
  });

  it("one that erases nothing stays, with its words and the way", async () => {
    const { done } = await reset("llama-server", { "/slots/0?action=erase": { status: 501, body: REFUSAL } });
    expect(done.state).toBe("kept");
    expect(done.said).toMatch(
      /slot 0 was not erased: 501: This server does not support .*`--slot-save-path FOLDER`\)/,
    );
  });

  it.each([
    ["vLLM", "/reset_prefix_cache"],
    ["SGLang", "/flush_cache"],
  ] as const)("%s is emptied by one request", async (software, path) => {
    const { done, sent } = await reset(software, { [path]: { status: 200, body: "" } });
    expect(sent).toEqual([`POST ${path}`]);
    expect(done).toEqual({ state: "emptied", said: `\`POST ${path}\`` });
  });

  it("vLLM without its development mode stays", async () => {
    const { done } = await reset("vLLM");
    expect(done.state).toBe("kept");
    expect(done.said).toMatch(/was answered 404.*VLLM_SERVER_DEV_MODE=1/);
  });

  it.each(["TGI", undefined] as const)("%s is not touched", async (software) => {
    const { done, sent } = await reset(software);
    expect(sent).toEqual([]);
    expect(done.state).toBe("kept");
  });

  it("a server that is gone stays, without an error", async () => {
    const gone = await startFakeServer();
    await gone.close();
    const done = await resetCache({ url: gone.url, software: "SGLang" }, OPEN_ACCESS);
    expect(done).toMatchObject({ state: "kept", said: expect.stringContaining("ECONNREFUSED") });
  });
});
