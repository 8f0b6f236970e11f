// A file on the Hugging Face hub → its address, size and hash, from the hub's own list of files.
//
// The bytes are then fetched from the `resolve` address, with ranges, for every kind of storage of the hub: files that
// it stores in chunks (Xet) are also available whole there.
import { listFiles } from "@huggingface/hub";
import { EXIT } from "../../../platform/exit-codes.ts";
import { UserError } from "../../../platform/user-error.ts";
import type { FileHash } from "../file-hash.ts";
import { type Asked, type RetryOptions, requireNotBusy, toRefusal, withRetries } from "./fetch-failures.ts";
import { type Credentials, get, readText } from "./fetch-http.ts";
import { describeSource, type HubSource } from "./fetch-source.ts";

/** Most names listed if the requested file does not exist. */
const MOST_NAMES = 12;

export interface HubFile {
  url: string;
  /** In the repository. */
  file: string;
  bytes: number;
  hash: FileHash;
}

export interface HubOptions extends RetryOptions {
  endpoint: string;
  credentials?: Credentials | undefined;
  stallMs?: number | undefined;
}

/** @param pattern `*` matches any characters except a slash */
function toExpression(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^/]*")}$`);
}

const encodePath = (path: string) => path.split("/").map(encodeURIComponent).join("/");

/** How messages name this source. */
export function toAsked(source: HubSource, options: Pick<HubOptions, "endpoint" | "credentials">): Asked {
  return {
    what: describeSource(source),
    page: `${options.endpoint}/datasets/${source.repo}`,
    hasToken: options.credentials !== undefined,
  };
}

interface Listed {
  path: string;
  bytes: number;
  hash: FileHash | undefined;
}

/** The files of a folder, or of the whole repository for undefined. */
async function list(source: HubSource, folder: string | undefined, options: HubOptions): Promise<Listed[]> {
  const { endpoint, credentials, signal, stallMs } = options;
  // The library never gets the token: `get` adds it, only for the hub's host.
  const fetchAsWe: typeof fetch = async (input, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers));
    const answer = await get(String(input), headers, { credentials, signal, stallMs });
    const { status, headers: got } = answer.response;
    try {
      requireNotBusy(answer.response);
      const refusal = toRefusal(status, got, toAsked(source, options));
      if (refusal !== undefined) throw refusal;
      return new Response(await readText(answer), { headers: got });
    } finally {
      answer.cancel();
    }
  };
  return withRetries(
    `The list of files of ${source.repo}`,
    async () => {
      const files: Listed[] = [];
      const asked = {
        repo: { type: "dataset", name: source.repo },
        revision: encodeURIComponent(source.revision),
        hubUrl: endpoint,
        fetch: fetchAsWe,
      } as const;
      const where = folder === undefined ? { recursive: true } : { path: encodePath(folder) };
      for await (const { type, path, size, oid, lfs } of listFiles({ ...asked, ...where })) {
        if (type !== "file") continue;
        const hash: FileHash | undefined =
          lfs !== undefined
            ? { kind: "sha256", hex: lfs.oid.replace(/^sha256:/, "") }
            : oid === undefined
              ? undefined
              : { kind: "git", hex: oid };
        files.push({ path, bytes: lfs?.size ?? size, hash });
      }
      return files;
    },
    options,
  );
}

function describeNames(files: readonly Listed[]): string {
  const names = files.slice(0, MOST_NAMES).map(({ path }) => `\`${path}\``);
  const more = files.length - names.length;
  return names.length === 0 ? "none" : names.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/**
 * @param source its file may have `*`: the first that matches is taken
 * @throws UserError if the repository, the revision or the file does not exist, or may not be read
 */
export async function findHubFile(source: HubSource, options: HubOptions): Promise<HubFile> {
  const { repo, file: pattern, revision } = source;
  if (pattern === "") {
    const data = (await list(source, undefined, options)).filter(({ path }) =>
      /\.(jsonl?|ndjson|csv|tsv|parquet|txt)$/i.test(path),
    );
    throw new UserError(
      `\`${repo}\` is a repository: which file of it? Files that could be: ${describeNames(data)}. Ask for \`${repo}/FILE\`.`,
      EXIT.usage,
    );
  }
  const folder = pattern.includes("/") ? pattern.slice(0, pattern.lastIndexOf("/")) : "";
  const listed = await list(source, folder.includes("*") ? undefined : folder, options);
  const found =
    listed.find(({ path }) => path === pattern) ??
    listed
      .filter(({ path }) => toExpression(pattern).test(path))
      .sort((a, b) => (a.path < b.path ? -1 : 1))[0];
  if (found === undefined) {
    throw new UserError(
      `${repo} has no file \`${pattern}\` at ${revision}. Files there: ${describeNames(listed)}.`,
    );
  }
  if (found.hash === undefined) {
    throw new UserError(
      `The hub has no hash of ${repo}/${found.path}: it cannot be checked. Fetch it by its address.`,
    );
  }
  return {
    url: `${options.endpoint}/datasets/${repo}/resolve/${encodeURIComponent(revision)}/${encodePath(found.path)}`,
    file: found.path,
    bytes: found.bytes,
    hash: found.hash,
  };
}
