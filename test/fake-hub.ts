// A stand-in for the Hugging Face hub: what llama-server asks of it for --hf-repo and --hf-file, and its failures.
//
// The requests of llama-server (b11669), in order: GET /api/models/REPO/refs, GET /api/models/REPO/tree/COMMIT,
// HEAD and GET /REPO/resolve/COMMIT/FILE, the GET with a Range where a part of the file is there already.

import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

export interface HubFaults {
  /** Every request gets this status (401 as for a private repository, 503 as for a hub that is down). */
  status?: number;
  /** Each download of a file is cut with a FIN after so many bytes of its body. */
  cutAfterBytes?: number;
  /** Only so many downloads are cut, the later ones are whole (default: all). */
  cuts?: number;
  /** The files are listed, and their download is a 404. */
  notServed?: boolean;
}

export interface FakeHubOptions {
  /** For instance "someone/tiny-GGUF"; any other repository is a 404. */
  repo: string;
  /** Name in the repository → file on disk. */
  files: Record<string, string>;
  faults?: HubFaults;
}

export interface HubRequest {
  method: string;
  path: string;
  range: string | undefined;
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
  const { repo, files, faults = {} } = options;
  const commit = createHash("sha1").update(repo).digest("hex");
  const requests: HubRequest[] = [];
  let cuts = 0;

  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = decodeURIComponent((request.url ?? "").split("?")[0] ?? "");
    const method = request.method ?? "";
    const note: HubRequest = { method, path, range: request.headers.range, status: 0, bytes: 0, cut: false };
    requests.push(note);
    const send = (status: number, value: unknown): void => {
      const body = JSON.stringify(value);
      note.status = status;
      note.bytes = body.length;
      response.writeHead(status, { "Content-Type": "application/json", "Content-Length": body.length });
      response.end(body);
    };
    if (faults.status !== undefined)
      return send(faults.status, { error: `The fake hub answers ${faults.status}` });
    if (path === `/api/models/${repo}/refs`) return send(200, toRefs(commit));
    if (path === `/api/models/${repo}/tree/${commit}`) return send(200, toTree(files));

    const name = path.startsWith(`/${repo}/resolve/`) ? path.split("/").slice(5).join("/") : "";
    const file = files[name];
    if (file === undefined || faults.notServed === true) return send(404, { error: "Entry not found" });
    const cutAfter = cuts < (faults.cuts ?? Number.POSITIVE_INFINITY) ? faults.cutAfterBytes : undefined;
    if (cutAfter !== undefined && method === "GET") cuts++;
    await sendFile(request, response, note, file, commit, cutAfter);
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

/** Stands for the content's hash: a name for these bytes is all that llama-server makes of it. */
function etagOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return createHash("sha256").update(`${file} ${size} ${mtimeMs}`).digest("hex");
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  note: HubRequest,
  file: string,
  commit: string,
  cutAfter: number | undefined,
): Promise<void> {
  const size = statSync(file).size;
  const from = Number(/^bytes=(\d+)-/.exec(note.range ?? "")?.[1] ?? 0);
  note.status = note.range === undefined ? 200 : 206;
  response.writeHead(note.status, {
    "Content-Type": "application/octet-stream",
    "Content-Length": size - from,
    "Accept-Ranges": "bytes",
    ...(note.status === 206 ? { "Content-Range": `bytes ${from}-${size - 1}/${size}` } : {}),
    ETag: `"${etagOf(file)}"`,
    "X-Repo-Commit": commit,
  });
  if (note.method === "HEAD") {
    response.end();
    return;
  }
  const last = cutAfter === undefined ? size - 1 : Math.min(from + cutAfter, size) - 1;
  const source = createReadStream(file, { start: from, end: last });
  source.on("data", (part) => {
    note.bytes += part.length;
  });
  note.cut = last < size - 1;
  try {
    await pipeline(source, response, { end: !note.cut });
    if (note.cut) request.socket.end();
  } catch {
    // The client left: nothing more to send to it.
  }
}
