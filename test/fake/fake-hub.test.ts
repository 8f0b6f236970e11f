// The fake hub, asked as llama-server and `datasets fetch` ask it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeHub, type FakeHubOptions, type HubFaults, startFakeHub } from "./fake-hub.ts";

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

describe("the fake hub", () => {
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

  it("cuts the given number of downloads, each after the given number of bytes", async () => {
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

describe("a dataset on the fake hub", () => {
  const startDataset = async (options: Partial<FakeHubOptions> = {}) => {
    const file = join(folder, "model.gguf");
    const files = { "a/one.json": file, "a/b/two.json": file, "three.csv": file };
    hub = await startFakeHub({ kind: "datasets", repo: "me/set", files, inGit: ["three.csv"], ...options });
    return hub.url;
  };
  const tree = async (url: string, folder = "", query = "") =>
    (await fetch(`${url}/api/datasets/me/set/tree/main${folder}${query}`)).json() as Promise<
      { path: string }[]
    >;
  const get = (url: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/datasets/me/set/resolve/main/a/one.json`, { headers, redirect: "manual" });

  it("lists a folder, or all that is below it", async () => {
    const url = await startDataset();
    expect((await tree(url)).map(({ path }) => path)).toEqual(["a", "three.csv"]);
    expect((await tree(url, "/a")).map(({ path }) => path)).toEqual(["a/b", "a/one.json"]);
    expect((await tree(url, "", "?recursive=true")).map(({ path }) => path)).toEqual([
      "a/one.json",
      "a/b/two.json",
      "three.csv",
    ]);
  });

  it("names the hashes of the bytes: SHA-256 of LFS files, git's of the others", async () => {
    const url = await startDataset();
    expect(await tree(url, "", "?recursive=true")).toMatchObject([
      { lfs: { oid: "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882" } },
      {},
      { oid: "ad471007bd7f5983d273b9584e5629230150fd54", size: 10 },
    ]);
  });

  it("heeds If-Range: the rest of the same file, another one as a whole", async () => {
    const url = await startDataset();
    const etag = (await get(url)).headers.get("ETag") as string;
    expect((await get(url, { Range: "bytes=4-", "If-Range": etag })).status).toBe(206);
    expect((await get(url, { Range: "bytes=4-", "If-Range": '"other"' })).status).toBe(200);
    expect((await get(url, { Range: "bytes=10-" })).status).toBe(416);
  });

  it("refuses files without the token, and notes what was sent", async () => {
    const url = await startDataset({ token: "hf_x" });
    const refused = await get(url);
    expect([refused.status, refused.headers.get("X-Error-Code")]).toEqual([401, "GatedRepo"]);
    expect((await get(url, { Authorization: "Bearer hf_y" })).status).toBe(403);
    expect((await get(url, { Authorization: "Bearer hf_x" })).status).toBe(200);
    expect(hub?.requests.at(-1)?.authorization).toBe("Bearer hf_x");
  });

  it("redirects to another host", async () => {
    const url = await startDataset({ cdn: "http://127.0.0.1:9" });
    const answer = await get(url);
    expect([answer.status, answer.headers.get("Location")]).toEqual([
      302,
      "http://127.0.0.1:9/datasets/me/set/resolve/main/a/one.json",
    ]);
  });
});
