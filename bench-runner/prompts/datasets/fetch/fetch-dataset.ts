// The command `datasets fetch`: resolves what is requested, fetches it, and reports where it is.
import { statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { formatValue } from "../../../../lib/core/units.ts";
import { EXIT } from "../../../platform/exit-codes.ts";
import { UserError } from "../../../platform/user-error.ts";
import { toFetchedPath } from "../fetched-dataset.ts";
import { type FileHash, hasHash } from "../file-hash.ts";
import { type ProgressOptions, TransferProgress } from "../progress.ts";
import { download, type Wanted } from "./fetch-download.ts";
import { readCredentials } from "./fetch-http.ts";
import { findHubFile, toAsked } from "./fetch-hub.ts";
import { PartFile } from "./fetch-part.ts";
import { describeSource, type FetchSource, toEndpoint, toFetchSource } from "./fetch-source.ts";

export interface FetchOptions {
  revision?: string | undefined;
  /** A file, or an existing folder. */
  output?: string | undefined;
  /** The hash that the file must have, if no hub provides it. */
  sha256?: string | undefined;
  variables: Readonly<Record<string, string | undefined>>;
  say: (text: string) => void;
  progress: ProgressOptions["output"];
  stop?: { readonly signal: AbortSignal; readonly reason: string | undefined } | undefined;
  /** Pauses between tries, and the longest silence: for tests. */
  pausesMs?: readonly number[];
  stallMs?: number;
}

export interface Fetched {
  /** Absolute. */
  path: string;
  bytes: number;
  /** Its hash; undefined if none was known. */
  hash?: FileHash | undefined;
  /** It was already present, and is what was requested. */
  wasThere: boolean;
}

/** @throws UserError for a malformed SHA-256 */
function toHash(sha256: string | undefined): FileHash | undefined {
  if (sha256 === undefined) return undefined;
  if (/^[0-9a-f]{64}$/i.test(sha256)) return { kind: "sha256", hex: sha256.toLowerCase() };
  throw new UserError(`\`--sha256 ${sha256}\` is not a SHA-256: expected 64 hexadecimal digits.`, EXIT.usage);
}

const statusOf = (path: string) => statSync(path, { throwIfNoEntry: false });

/** @param file the last part names the file in a folder that the user gave */
function toOutput(given: string | undefined, byDefault: string): string {
  if (given === undefined) return resolve(byDefault);
  return statusOf(given)?.isDirectory() ? resolve(join(given, basename(byDefault))) : resolve(given);
}

/** What to fetch, and where to. */
async function plan(source: FetchSource, options: FetchOptions & { endpoint: string }) {
  const { variables, endpoint, sha256, output, stop, say, pausesMs, stallMs } = options;
  const given = toHash(sha256);
  if (source.kind === "url") {
    const wanted: Wanted = {
      url: source.url,
      asked: { what: describeSource(source), hasToken: false },
      hash: given,
    };
    return { wanted, path: toOutput(output, toFetchedPath(source, variables)), credentials: undefined };
  }
  const credentials = readCredentials(variables, endpoint);
  const hub = { endpoint, credentials, signal: stop?.signal, say, pausesMs, stallMs };
  const { url, file, bytes, hash } = await findHubFile(source, hub);
  const asked = toAsked({ ...source, file }, hub);
  const wanted: Wanted = { url, asked, bytes, hash: given ?? hash };
  return { wanted, path: toOutput(output, toFetchedPath(source, variables, file)), credentials };
}

/**
 * @param text NAME, OWNER/REPO/FILE, `hf://datasets/…` or an address
 * @throws UserError; also for a stop, after which the same command resumes
 */
export async function fetchDataset(text: string, options: FetchOptions): Promise<Fetched> {
  const { variables, revision, stop, say, pausesMs, stallMs } = options;
  const endpoint = toEndpoint(variables);
  const source = toFetchSource(text, { endpoint, revision });
  const signal = stop?.signal;
  let path: string | undefined;
  try {
    const planned = await plan(source, { ...options, endpoint });
    const { wanted, credentials } = planned;
    path = planned.path;
    const { hash } = wanted;
    const old = statusOf(path);
    if (hash !== undefined && old?.isFile() && (await hasHash(path, hash, signal))) {
      return { path, bytes: old.size, hash, wasThere: true };
    }
    const length = wanted.bytes === undefined ? "" : ` (${formatValue(wanted.bytes, "bytes")})`;
    say(`Fetching ${wanted.asked.what}${length} …`);
    const progress = new TransferProgress({ output: options.progress });
    await download(wanted, path, { credentials, signal, say, pausesMs, stallMs, progress });
    return { path, bytes: statusOf(path)?.size ?? 0, hash, wasThere: false };
  } catch (error) {
    if (!signal?.aborted) throw error;
    const bytes = path === undefined ? 0 : await new PartFile(path).size();
    const rest =
      bytes === 0
        ? ""
        : ` ${formatValue(bytes, "bytes")} are in ${path}.part, the same command resumes from there.`;
    throw new UserError(`Stopped by ${stop?.reason ?? "a signal"}.${rest}`, EXIT.stopped);
  }
}

/** Where the file is, how it was checked, and what to do next. */
export function describeFetched({ path, bytes, hash, wasThere }: Fetched): string {
  const checked =
    hash === undefined
      ? "not checked: no hash is known (`--sha256` gives one)"
      : `its ${hash.kind === "git" ? "git hash" : "SHA-256"} is right`;
  const quoted = /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path}'`;
  return [
    `${path}: ${wasThere ? "already present" : "fetched"}, ${formatValue(bytes, "bytes")}, ${checked}.`,
    `Use it by \`--dataset ${quoted}\`; \`node bench-runner datasets inspect ${quoted}\` shows what is in it.`,
  ].join("\n");
}
