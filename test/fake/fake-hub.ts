// A fake Hugging Face hub: what llama-server asks of it for --hf-repo and --hf-file, and what
// `datasets fetch` asks of it; and its failures.
//
// The requests of llama-server (b11669), in order: GET /api/models/REPO/refs, GET /api/models/REPO/tree/COMMIT,
// HEAD and GET /REPO/resolve/COMMIT/FILE, the GET with a Range where a part of the file is there already.
// Those of `datasets fetch`: GET /api/datasets/REPO/tree/REVISION/FOLDER, GET /datasets/REPO/resolve/REVISION/FILE.

import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

export interface HubFaults {
  /** Every request gets this status (401 as for a private repository, 503 as for a hub that is down). */
  status?: number;
  /** Each download of a file is cut with a FIN after this many bytes of its body. */
  cutAfterBytes?: number;
  /** Number of downloads that are cut; later ones are whole (default: all). */
  cuts?: number;
  /** The files are listed, and their download is a 404. */
  notServed?: boolean;
  /** The first requests get these statuses, one each. */
  firstStatuses?: number[];
  /** After this many bytes of a file nothing more comes, and the connection stays open. */
  holdAfterBytes?: number;
  /** A Range is not heeded: every answer is the whole file. */
  noRanges?: boolean;
}

export interface FakeHubOptions {
  /** Default: models. A dataset's hashes are those of its bytes. */
  kind?: "models" | "datasets";
  /** For instance "someone/tiny-GGUF"; any other repository is a 404. */
  repo: string;
  /** Name in the repository → file on disk. */
  files: Record<string, string>;
  /** The files of a dataset that git itself has; the others are LFS files. */
  inGit?: readonly string[];
  /** Only requests with this token get files; others get a 401, like those to a gated repository. */
  token?: string;
  /** Address of another host, to which requests for files are redirected, as the hub does to its CDN. */
  cdn?: string;
  faults?: HubFaults;
}

export interface HubRequest {
  method: string;
  path: string;
  range: string | undefined;
  authorization: string | undefined;
  status: number;
  /** Bytes of the body that were sent. */
  bytes: number;
  cut: boolean;
}

export interface FakeHub {
  /** The value for HF_ENDPOINT. */
  readonly url: string;
  readonly requests: HubRequest[];
  close(): Promise<void>;
}

/** Starts the hub on a free port of 127.0.0.1. */
export async function startFakeHub(options: FakeHubOptions): Promise<FakeHub> {
  const { kind = "models", repo, files, faults = {} } = options;
  const commit = createHash("sha1").update(repo).digest("hex");
  const requests: HubRequest[] = [];
  let cuts = 0;

  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [encodedPath = "", query] = (request.url ?? "").split("?");
    const path = decodeURIComponent(encodedPath);
    const method = request.method ?? "";
    const { range, authorization } = request.headers;
    const note: HubRequest = { method, path, range, authorization, status: 0, bytes: 0, cut: false };
    requests.push(note);
    const send = (status: number, value: unknown, headers: Record<string, string> = {}): void => {
      const body = JSON.stringify(value);
      note.status = status;
      note.bytes = body.length;
      response.writeHead(status, {
        "Content-Type": "application/json",
        "Content-Length": body.length,
        ...headers,
      });
      response.end(body);
    };
    const refuse = (status: number, reason: string) =>
      send(status, { error: `The fake hub says ${reason}` }, { "X-Error-Code": reason });
    const status = faults.status ?? faults.firstStatuses?.[requests.length - 1];
    if (status !== undefined) return send(status, { error: `The fake hub answers ${status}` });
    if (path === `/api/models/${repo}/refs`) return send(200, toRefs(commit));
    if (path === `/api/models/${repo}/tree/${commit}`) return send(200, toTree(files));
    if (path.startsWith("/api/datasets/") && kind === "datasets") {
      const [, owner, name, revision, folder = ""] =
        /^\/api\/datasets\/([^/]+)\/([^/]+)\/tree\/([^/]+)(?:\/(.*))?$/.exec(path) ?? [];
      // Like the hub: a private repository does not exist for those without access.
      if (`${owner}/${name}` !== repo) return refuse(401, "RepoNotFound");
      if (revision !== "main" && revision !== commit) return refuse(404, "RevisionNotFound");
      const isRecursive = query?.includes("recursive=true") === true;
      return send(200, toDatasetTree(options, folder, isRecursive));
    }

    const base = kind === "datasets" ? `/datasets/${repo}/resolve/` : `/${repo}/resolve/`;
    const name = path.startsWith(base) ? path.slice(base.length).split("/").slice(1).join("/") : "";
    const file = files[name];
    if (file === undefined || faults.notServed === true) return refuse(404, "EntryNotFound");
    if (options.token !== undefined && authorization !== `Bearer ${options.token}`) {
      return authorization === undefined ? refuse(401, "GatedRepo") : refuse(403, "GatedRepo");
    }
    const etag = kind === "datasets" ? hashOf(options, name) : etagOf(file);
    if (options.cdn !== undefined) {
      note.status = 302;
      response.writeHead(302, {
        Location: `${options.cdn}${request.url}`,
        "X-Linked-ETag": `"${etag}"`,
        "X-Linked-Size": statSync(file).size,
        "X-Repo-Commit": commit,
        "Content-Length": 0,
      });
      response.end();
      return;
    }
    const cutAfter = cuts < (faults.cuts ?? Number.POSITIVE_INFINITY) ? faults.cutAfterBytes : undefined;
    if (cutAfter !== undefined && method === "GET") cuts++;
    const stopAfter = faults.holdAfterBytes ?? cutAfter;
    await sendFile(request, response, { note, file, etag, commit, stopAfter, faults });
  };

  const server = createServer((request, response) => {
    void onRequest(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function toRefs(commit: string): unknown {
  return {
    tags: [],
    branches: [{ name: "main", ref: "refs/heads/main", targetCommit: commit }],
    converts: [],
  };
}

function toTree(files: Record<string, string>): unknown {
  return Object.entries(files).map(([path, file]) => {
    const size = statSync(file).size;
    const oid = etagOf(file);
    return { type: "file", oid, size, path, lfs: { oid, size, pointerSize: 134 } };
  });
}

/** The entries of a folder: its files and folders, or all files below it. */
function toDatasetTree(options: FakeHubOptions, folder: string, isRecursive: boolean): unknown {
  const below = folder === "" ? "" : `${folder}/`;
  const folders = new Set<string>();
  const entries: unknown[] = [];
  for (const [path, file] of Object.entries(options.files)) {
    if (!path.startsWith(below)) continue;
    const slash = path.indexOf("/", below.length);
    if (slash >= 0 && !isRecursive) {
      folders.add(path.slice(0, slash));
      continue;
    }
    const size = statSync(file).size;
    const oid = hashOf(options, path);
    entries.push({ type: "file", oid, size, path, ...(!isInGit(options, path) && { lfs: { oid, size } }) });
  }
  return [...[...folders].map((path) => ({ type: "directory", oid: "0", size: 0, path })), ...entries];
}

const isInGit = ({ inGit = [] }: FakeHubOptions, name: string) => inGit.includes(name);

/** SHA-256 of the bytes, or git's own hash. */
function hashOf(options: FakeHubOptions, name: string): string {
  const bytes = readFileSync(options.files[name] as string);
  return isInGit(options, name)
    ? createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex")
    : createHash("sha256").update(bytes).digest("hex");
}

/** In place of the content's hash: llama-server uses it only as a name for these bytes. */
function etagOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return createHash("sha256").update(`${file} ${size} ${mtimeMs}`).digest("hex");
}

interface Sending {
  note: HubRequest;
  file: string;
  etag: string;
  commit: string;
  /** Bytes after which nothing more comes. */
  stopAfter: number | undefined;
  faults: HubFaults;
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { note, file, etag, commit, stopAfter, faults }: Sending,
): Promise<void> {
  const size = statSync(file).size;
  const asked = Number(/^bytes=(\d+)-/.exec(note.range ?? "")?.[1] ?? 0);
  const condition = request.headers["if-range"];
  const isWhole =
    note.range === undefined || faults.noRanges === true || (condition ?? `"${etag}"`) !== `"${etag}"`;
  const from = isWhole ? 0 : asked;
  note.status = isWhole ? 200 : from >= size ? 416 : 206;
  if (note.status === 416) {
    response.writeHead(416, { "Content-Range": `bytes */${size}`, "Content-Length": 0 });
    response.end();
    return;
  }
  response.writeHead(note.status, {
    "Content-Type": "application/octet-stream",
    "Content-Length": size - from,
    "Accept-Ranges": "bytes",
    ...(note.status === 206 ? { "Content-Range": `bytes ${from}-${size - 1}/${size}` } : {}),
    ETag: `"${etag}"`,
    "X-Repo-Commit": commit,
  });
  if (note.method === "HEAD") {
    response.end();
    return;
  }
  const last = stopAfter === undefined ? size - 1 : Math.min(from + stopAfter, size) - 1;
  const source = createReadStream(file, { start: from, end: last });
  source.on("data", (part) => {
    note.bytes += part.length;
  });
  const isStopped = last < size - 1;
  note.cut = isStopped && faults.holdAfterBytes === undefined;
  try {
    await pipeline(source, response, { end: !isStopped });
    if (note.cut) request.socket.end();
  } catch {
    // The client left: nothing more to send to it.
  }
}
