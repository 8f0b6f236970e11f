// Fetching over real sockets, from a fake hub on loopback.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeHub, type FakeHubOptions, startFakeHub } from "../../../../test/fake/fake-hub.ts";
import { findFetched, toDatasetPath } from "../fetched-dataset.ts";
import { describeFetched, type FetchOptions, fetchDataset } from "./fetch-dataset.ts";

const TOKEN = "hf_secretsecretsecret";
/** 2.1 MB: several times what the sockets of a loopback connection hold. */
const CONTENT = Array.from({ length: 60_000 }, (_, index) => `{"prompt":"question number ${index}"}\n`).join(
  "",
);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

let folder = "";
let said: string[] = [];
let hubs: FakeHub[] = [];
let servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fetch-dataset-"));
  writeFileSync(join(folder, "source.jsonl"), CONTENT);
  said = [];
});

afterEach(async () => {
  for (const hub of hubs) await hub.close();
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  hubs = [];
  servers = [];
  rmSync(folder, { recursive: true });
});

async function startHub(options: Partial<FakeHubOptions> = {}): Promise<FakeHub> {
  const hub = await startFakeHub({
    kind: "datasets",
    repo: "me/tiny",
    files: { "data/train.jsonl": join(folder, "source.jsonl") },
    ...options,
  });
  hubs.push(hub);
  return hub;
}

async function startServer(listener: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(listener as never);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const cache = () => join(folder, "cache");

function fetchIt(name: string, variables: Record<string, string>, more: Partial<FetchOptions> = {}) {
  const write = (text: string) => {
    said.push(text);
    return true;
  };
  return fetchDataset(name, {
    variables: { XDG_CACHE_HOME: cache(), ...variables },
    say: write,
    progress: { write: write as never },
    pausesMs: [1, 1, 1],
    ...more,
  });
}

const entries = () =>
  (existsSync(cache()) ? readdirSync(cache(), { recursive: true, withFileTypes: true }) : []).filter(
    (entry) => entry.isFile(),
  );
const files = () =>
  entries()
    .map((entry) => entry.name)
    .sort();
const sizesOf = (name: string) =>
  entries()
    .filter((entry) => entry.name === name)
    .map((entry) => statSync(join(entry.parentPath, name)).size);
/** Where the requests for a file began, each with the answer's status. */
const starts = (hub: FakeHub) =>
  hub.requests
    .filter(({ path }) => path.includes("/resolve/"))
    .map(({ range, status }) => ({ status, from: Number(/\d+/.exec(range ?? "")?.[0] ?? 0) }));

describe("a file on the hub", () => {
  it("is fetched, checked, and kept under its repository's name", async () => {
    const { url } = await startHub();
    const fetched = await fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: url });
    expect(fetched.path).toBe(join(cache(), "server-bench/datasets/me/tiny/data/train.jsonl"));
    expect(readFileSync(fetched.path, "utf8")).toBe(CONTENT);
    expect(describeFetched(fetched)).toBe(
      `${fetched.path}: fetched, 2.1 MB, its SHA-256 is right.\nUse it by \`--dataset ${fetched.path}\`; \`node bench-runner datasets inspect ${fetched.path}\` shows what is in it.`,
    );
    expect(files()).toEqual(["train.jsonl"]);
    expect(findFetched("me/tiny/data/train.jsonl", { XDG_CACHE_HOME: cache() })).toBe(fetched.path);
  });

  it("is checked by git's hash if it is not an LFS file", async () => {
    const { url } = await startHub({ inGit: ["data/train.jsonl"] });
    const fetched = await fetchIt("hf://datasets/me/tiny/data/train.jsonl", { HF_ENDPOINT: url });
    expect(fetched.hash?.kind).toBe("git");
    expect(readFileSync(fetched.path, "utf8")).toBe(CONTENT);
  });

  it("is not fetched twice, but again when it has changed", async () => {
    const hub = await startHub();
    await fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: hub.url });
    expect(await fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: hub.url })).toMatchObject({
      wasThere: true,
    });
    expect(starts(hub)).toHaveLength(1);
    writeFileSync(join(folder, "source.jsonl"), "another");
    const { path } = await fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: hub.url });
    expect(readFileSync(path, "utf8")).toBe("another");
  });

  it("is the first that a pattern matches, and a name of the table is such a pattern", async () => {
    const files = {
      "data/train-00000-of-00001-abc.parquet": join(folder, "source.jsonl"),
      "data/train-00001.parquet": "/none",
      "README.md": join(folder, "source.jsonl"),
    };
    writeFileSync(join(folder, "other"), "");
    files["data/train-00001.parquet"] = join(folder, "other");
    const { url } = await startHub({ repo: "OpenAssistant/oasst1", files });
    expect(() => toDatasetPath("oasst1", { XDG_CACHE_HOME: cache() })).toThrow(
      "Dataset `oasst1` is not fetched yet: run `node bench-runner datasets fetch oasst1`.",
    );
    const { path } = await fetchIt("oasst1", { HF_ENDPOINT: url });
    expect(path).toBe(join(cache(), "server-bench/datasets/oasst1.parquet"));
    expect(readFileSync(path, "utf8")).toBe(CONTENT);
    expect(toDatasetPath("oasst1", { XDG_CACHE_HOME: cache() })).toBe(path);
  });

  it("is written where the user says, a folder included", async () => {
    const { url } = await startHub();
    const name = "me/tiny/data/train.jsonl";
    const asked = { HF_ENDPOINT: url };
    mkdirSync(join(folder, "there"));
    expect((await fetchIt(name, asked, { output: join(folder, "there") })).path).toBe(
      join(folder, "there/train.jsonl"),
    );
    expect((await fetchIt(name, asked, { output: join(folder, "new/x.jsonl") })).path).toBe(
      join(folder, "new/x.jsonl"),
    );
    await expect(fetchIt(name, asked, { output: join(folder, "source.jsonl/x") })).rejects.toThrow(
      /Cannot write .*source\.jsonl: .*Make room there, or choose another path with `--output`\./,
    );
  });
});

describe("a download that breaks off", () => {
  it("is resumed at once, as often as it brings something", async () => {
    const hub = await startHub({ faults: { cutAfterBytes: 800_000, cuts: 2 } });
    const { path } = await fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: hub.url });
    expect(readFileSync(path, "utf8")).toBe(CONTENT);
    const [first, second, third, ...others] = starts(hub);
    expect([first, others]).toEqual([{ from: 0, status: 200 }, []]);
    expect([second?.status, third?.status]).toEqual([206, 206]);
    // A few received packets that had not been read are lost with their connection.
    expect(second?.from).toBeGreaterThan(100_000);
    expect(third?.from).toBeGreaterThan(second?.from ?? 0);
    expect(third?.from).toBeLessThanOrEqual(1_600_000);
    expect(said.join("")).toMatch(
      /127\.0\.0\.1:\d+ has cut the connection: trying again in 1 s \(1 of 3\) …/,
    );
    expect(files()).toEqual(["train.jsonl"]);
  });

  it("is given up after the last try, and the next command resumes", async () => {
    const faults = { cutAfterBytes: 400_000, cuts: 4 };
    const hub = await startHub({ faults });
    await expect(fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: hub.url })).rejects.toThrow(
      /me\/tiny\/data\/train\.jsonl could not be fetched, 4 tries in a row: .* has cut the connection\. Try later/,
    );
    expect(files()).toEqual(["train.jsonl.part", "train.jsonl.part.json"]);
    const { path } = await fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: hub.url });
    expect(starts(hub).at(-1)?.status).toBe(206);
    expect(starts(hub).at(-1)?.from).toBeGreaterThan(400_000);
    expect(readFileSync(path, "utf8")).toBe(CONTENT);
  });

  it("starts over when the file on the hub has changed in between", async () => {
    const hub = await startHub({ faults: { cutAfterBytes: 400_000, cuts: 4 } });
    await expect(fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: hub.url })).rejects.toThrow(
      "tries in a row",
    );
    const changed = CONTENT.replaceAll("question", "reply");
    writeFileSync(join(folder, "source.jsonl"), changed);
    const { path } = await fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: hub.url });
    expect(starts(hub).at(-1)).toEqual({ from: 0, status: 200 });
    expect(readFileSync(path, "utf8")).toBe(changed);
  });

  it.each([
    ["the file at an address has changed", "changed"],
    ["the server heeds no range", "noRanges"],
  ])("starts over when %s", async (_, how) => {
    const faults = { cutAfterBytes: 400_000, cuts: 4, noRanges: how === "noRanges" };
    const hub = await startHub({ faults });
    const address = `${hub.url}/datasets/me/tiny/resolve/main/data/train.jsonl`;
    await expect(fetchIt(address, {})).rejects.toThrow("4 tries in a row");
    const content = how === "changed" ? CONTENT.replaceAll("question", "reply") : CONTENT;
    writeFileSync(join(folder, "source.jsonl"), content);
    const { path } = await fetchIt(address, {});
    expect(said.join("")).toContain("has changed, or cannot be resumed: it is fetched from the beginning.");
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  it("is tried again after a 503, and after a silence", async () => {
    const hub = await startHub({ faults: { firstStatuses: [503, 429] } });
    await fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: hub.url });
    expect(said.join("")).toMatch(/answers 503 Service Unavailable: trying again in 1 s \(1 of 3\) …/);

    const silent = await startHub({ faults: { holdAfterBytes: 800_000 } });
    const address = `${silent.url}/datasets/me/tiny/resolve/main/data/train.jsonl`;
    const { path } = await fetchIt(address, {}, { stallMs: 1000 });
    expect(said.join("")).toMatch(/127\.0\.0\.1:\d+ sent nothing for 1 s: trying again/);
    expect(readFileSync(path, "utf8")).toBe(CONTENT);
  });

  it("reports that there is no answer", async () => {
    const { url } = await startHub();
    await hubs.pop()?.close();
    await expect(fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: url })).rejects.toThrow(
      /The list of files of me\/tiny could not be fetched, 4 tries in a row: 127\.0\.0\.1:\d+ refuses connections\./,
    );
  });

  it("is tried again if the address that the hub redirects to is no longer valid", async () => {
    const cdn = await startHub({ faults: { firstStatuses: [403] } });
    const hub = await startHub({ cdn: cdn.url });
    const { path } = await fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: hub.url });
    expect(said.join("")).toMatch(/answers 403 Forbidden: trying again/);
    expect(readFileSync(path, "utf8")).toBe(CONTENT);
  });

  it("reports an unknown host at once", async () => {
    // RFC 6761: a name that never has an address.
    await expect(fetchIt("me/tiny/x.json", { HF_ENDPOINT: "http://hub.invalid" })).rejects.toThrow(
      /The list of files of me\/tiny could not be fetched(: the host hub\.invalid is not known|, 4 tries in a row: the host hub\.invalid cannot be looked up)\./,
    );
  });

  it("stays as it is when the user stops it", async () => {
    const hub = await startHub({ faults: { holdAfterBytes: 50_000 } });
    const controller = new AbortController();
    const running = fetchIt(
      "me/tiny/data/train.jsonl",
      { HF_ENDPOINT: hub.url },
      {
        stop: { signal: controller.signal, reason: "Ctrl-C" },
      },
    );
    // What was sent may still be on its way to the file.
    await expect.poll(() => sizesOf("train.jsonl.part"), { timeout: 10_000 }).toEqual([50_000]);
    controller.abort();
    await expect(running).rejects.toMatchObject({
      message: expect.stringMatching(
        /^Stopped by Ctrl-C\. 50,000 bytes are in .*train\.jsonl\.part, the same command resumes from there\.$/,
      ),
      exitCode: 105,
    });
  });
});

describe("a file that is not what it must be", () => {
  it("is removed, and an old one stays", async () => {
    const hub = await startHub();
    const address = `${hub.url}/datasets/me/tiny/resolve/main/data/train.jsonl`;
    const { path } = await fetchIt(address, {}, { sha256: sha256(CONTENT).toUpperCase() });
    await expect(fetchIt(address, {}, { sha256: "0".repeat(64) })).rejects.toThrow(
      `has another hash than expected (SHA-256 ${"0".repeat(64)}): it was damaged in transfer, or the file has just changed. It was removed; fetch it again.`,
    );
    expect(files()).toEqual(["train.jsonl"]);
    expect(readFileSync(path, "utf8")).toBe(CONTENT);
    await expect(fetchIt(address, {}, { sha256: "123" })).rejects.toThrow("`--sha256 123` is not a SHA-256");
  });

  it("is not taken when its CDN has another one than the hub names", async () => {
    writeFileSync(join(folder, "other.jsonl"), CONTENT.replaceAll("question", "QUESTION"));
    const cdn = await startHub({ files: { "data/train.jsonl": join(folder, "other.jsonl") } });
    const { url } = await startHub({ cdn: cdn.url });
    await expect(fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: url })).rejects.toThrow(
      "has another hash",
    );
    expect(files()).toEqual([]);
  });

  it("is not taken when it is a web page", async () => {
    const url = await startServer((_: unknown, response: import("node:http").ServerResponse) => {
      response.setHeader("Content-Type", "text/html; charset=utf-8").end("<html>");
    });
    await expect(fetchIt(`${url}/x.json?key=hidden`, {})).rejects.toThrow(
      `${url}/x.json is a web page, not a dataset.`,
    );
    expect(files()).toEqual([]);
  });
});

describe("the token", () => {
  const isSecret = (error: unknown) => `${String(error)}${said.join("")}`.includes("secretsecret");

  it("is sent only to the hub, not to the host that it redirects to, and is never shown", async () => {
    const cdn = await startHub();
    const hub = await startHub({ cdn: cdn.url, token: TOKEN });
    const fetched = await fetchIt("me/tiny/data/train.jsonl", {
      HF_ENDPOINT: hub.url,
      HF_TOKEN: ` ${TOKEN}\n`,
    });
    expect(hub.requests.map(({ authorization }) => authorization)).toEqual([
      `Bearer ${TOKEN}`,
      `Bearer ${TOKEN}`,
    ]);
    expect(cdn.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
    expect(isSecret(describeFetched(fetched))).toBe(false);
    expect(readFileSync(fetched.path, "utf8")).toBe(CONTENT);
  });

  it("is resumed without it at that host too", async () => {
    const cdn = await startHub({ faults: { cutAfterBytes: 800_000, cuts: 1 } });
    const hub = await startHub({ cdn: cdn.url, token: TOKEN });
    await fetchIt("me/tiny/data/train.jsonl", { HF_ENDPOINT: hub.url, HF_TOKEN: TOKEN });
    expect(cdn.requests.map(({ authorization, status }) => [authorization, status])).toEqual([
      [undefined, 200],
      [undefined, 206],
    ]);
  });

  it("does not go to an address that is not the hub's", async () => {
    const hub = await startHub();
    await fetchIt(`${hub.url}/datasets/me/tiny/resolve/main/data/train.jsonl`, { HF_TOKEN: TOKEN });
    expect(hub.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it("cannot be sent when it has a blank, and is not shown", async () => {
    const { url } = await startHub();
    const error = await fetchIt("me/tiny/x.json", {
      HF_ENDPOINT: url,
      HF_TOKEN: "hf_secret secretsecret",
    }).catch(String);
    expect(error).toContain("HF_TOKEN has characters that a token cannot have");
    expect(isSecret(error)).toBe(false);
  });
});

describe("a refusal", () => {
  const cases: [string, Partial<FakeHubOptions>, string, Record<string, string>, string][] = [
    [
      "gated, without a token",
      { token: TOKEN },
      "me/tiny/data/train.jsonl",
      {},
      "me/tiny/data/train.jsonl is gated (401). Accept its terms at HUB/datasets/me/tiny, then set HF_TOKEN to a token of yours (huggingface.co/settings/tokens, kind `read`).",
    ],
    [
      "gated, with a token that may not",
      { token: TOKEN },
      "me/tiny/data/train.jsonl",
      { HF_TOKEN: "hf_other" },
      "is gated, and the account of HF_TOKEN may not read it (403). Accept its terms at HUB/datasets/me/tiny",
    ],
    [
      "an unknown repository",
      {},
      "me/other/data/train.jsonl",
      {},
      "me/other/data/train.jsonl is refused (401): the repository does not exist, or it is private or gated.",
    ],
    [
      "an unknown repository, with a token",
      {},
      "me/other/data/train.jsonl",
      { HF_TOKEN: TOKEN },
      "is refused (401): HF_TOKEN is not valid, or the repository does not exist or is private.",
    ],
    [
      "an unknown revision",
      {},
      "hf://datasets/me/tiny@v9/data/train.jsonl",
      {},
      "me/tiny/data/train.jsonl was not found (404): there is no such revision. Check its name; its page is HUB/datasets/me/tiny.",
    ],
    [
      "an unknown file",
      {},
      "me/tiny/data/test.jsonl",
      {},
      "me/tiny has no file `data/test.jsonl` at main. Files there: `data/train.jsonl`.",
    ],
    [
      "a repository without a file",
      {},
      "me/tiny",
      {},
      "`me/tiny` is a repository: which file of it? Files that could be: `data/train.jsonl`. Ask for `me/tiny/FILE`.",
    ],
    [
      "a file that is listed only",
      { faults: { notServed: true } },
      "me/tiny/data/train.jsonl",
      {},
      "was not found (404)",
    ],
  ];
  it.each(cases)("names the remedy: %s", async (_, options, name, variables, message) => {
    const { url } = await startHub(options);
    await expect(fetchIt(name, { HF_ENDPOINT: url, ...variables })).rejects.toThrow(
      message.replace("HUB", url),
    );
    expect(files()).toEqual([]);
  });

  it("names the address: a login, a missing file, endless redirects", async () => {
    const url = await startServer(
      (request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => {
        if (request.url?.startsWith("/round")) response.setHeader("Location", "/round");
        response
          .writeHead(request.url === "/login.json" ? 401 : request.url === "/none.json" ? 404 : 302)
          .end();
      },
    );
    await expect(fetchIt(`${url}/login.json`, {})).rejects.toThrow(
      `${url}/login.json is refused (401): it needs a login`,
    );
    await expect(fetchIt(`${url}/none.json`, {})).rejects.toThrow(
      `${url}/none.json was not found (404). Check its name.`,
    );
    await expect(fetchIt(`${url}/round`, {})).rejects.toThrow("redirects endlessly");
  });
});

it("fetches what has neither a length nor a hash, and reports that it is unchecked", async () => {
  const url = await startServer((_: unknown, response: import("node:http").ServerResponse) => {
    response.write("one ");
    response.end("two");
  });
  const fetched = await fetchIt(`${url}/some%20where/x.txt`, {});
  expect(readFileSync(fetched.path, "utf8")).toBe("one two");
  expect(fetched.path).toContain(`datasets/${url.slice(7).replace(":", "_")}/some_20where/x.txt`);
  expect(describeFetched(fetched)).toContain("not checked: no hash is known (`--sha256` gives one)");
});
