// The stand-in of the hub, asked as llama-server asks it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeHub, type HubFaults, startFakeHub } from "./fake-hub.ts";

let folder = "";
let hub: FakeHub | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fake-hub-"));
  writeFileSync(join(folder, "model.gguf"), "0123456789");
});

afterEach(async () => {
  await hub?.close();
  rmSync(folder, { recursive: true });
});

async function start(faults: HubFaults = {}): Promise<FakeHub> {
  hub = await startFakeHub({ repo: "me/tiny", files: { "a/tiny.gguf": join(folder, "model.gguf") }, faults });
  return hub;
}

/** @returns the address of a file, found as llama-server finds it. */
async function resolveFile(url: string, name: string): Promise<string> {
  const refs = (await (await fetch(`${url}/api/models/me/tiny/refs`)).json()) as {
    branches: { targetCommit: string }[];
  };
  return `${url}/me/tiny/resolve/${refs.branches[0]?.targetCommit}/${name}`;
}

describe("the stand-in of the hub", () => {
  it("lists the files with their sizes at the commit that it names", async () => {
    const { url } = await start();
    const file = await resolveFile(url, "");
    const commit = file.split("/").at(-2);
    const tree = await (await fetch(`${url}/api/models/me/tiny/tree/${commit}?recursive=true`)).json();
    expect(tree).toMatchObject([{ type: "file", path: "a/tiny.gguf", size: 10, lfs: { size: 10 } }]);
  });

  it("serves a file, its head, and the rest of it", async () => {
    const { url, requests } = await start();
    const file = await resolveFile(url, "a/tiny.gguf");
    const head = await fetch(file, { method: "HEAD" });
    expect([head.headers.get("content-length"), head.headers.get("accept-ranges")]).toEqual(["10", "bytes"]);
    expect(head.headers.get("etag")).toMatch(/^"[0-9a-f]{64}"$/);
    expect(await (await fetch(file)).text()).toBe("0123456789");
    const rest = await fetch(file, { headers: { Range: "bytes=4-" } });
    expect([rest.status, rest.headers.get("content-range")]).toEqual([206, "bytes 4-9/10"]);
    expect(await rest.text()).toBe("456789");
    expect(requests.map((request) => request.range)).toEqual([undefined, undefined, undefined, "bytes=4-"]);
  });

  it.each([
    ["an unknown repository", "/api/models/me/other/refs"],
    ["an unknown file", "/me/tiny/resolve/main/other.gguf"],
  ])("has a 404 for %s", async (_, path) => {
    const { url } = await start();
    expect((await fetch(url + path)).status).toBe(404);
  });

  it("cuts as many downloads as it is told, each after so many bytes", async () => {
    const { url, requests } = await start({ cutAfterBytes: 4, cuts: 1 });
    const file = await resolveFile(url, "a/tiny.gguf");
    await expect(fetch(file).then((response) => response.text())).rejects.toThrow("terminated");
    expect(requests.at(-1)).toMatchObject({ status: 200, bytes: 4, cut: true });
    expect(await (await fetch(file)).text()).toBe("0123456789");
  });

  it("lists a file that it does not serve", async () => {
    const { url } = await start({ notServed: true });
    expect((await fetch(await resolveFile(url, "a/tiny.gguf"))).status).toBe(404);
  });

  it("answers every request with one status", async () => {
    const { url } = await start({ status: 401 });
    expect((await fetch(`${url}/api/models/me/tiny/refs`)).status).toBe(401);
  });
});
