// The bytes of one file → disk: resumed after a break, checked, and only then moved to their name.
import { mkdir, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { formatValue } from "../../../../lib/core/units.ts";
import type { HttpResponse } from "../../../platform/http.ts";
import { UserError } from "../../../platform/user-error.ts";
import { type FileHash, hasHash } from "../file-hash.ts";
import type { TransferProgress } from "../progress.ts";
import {
  type Asked,
  BusyError,
  type RetryOptions,
  requireNotBusy,
  toRefusal,
  withRetries,
} from "./fetch-failures.ts";
import { type Answer, ConnectionError, type Credentials, get } from "./fetch-http.ts";
import { PartFile, toNote, toValidator, toWriteError } from "./fetch-part.ts";

export interface Wanted {
  url: string;
  asked: Asked;
  /** The size of the whole file; absent where only the response may tell. */
  bytes?: number;
  /** Absent if the hash of the file is unknown. */
  hash?: FileHash | undefined;
}

export interface DownloadOptions extends RetryOptions {
  credentials?: Credentials | undefined;
  stallMs?: number | undefined;
  progress: TransferProgress;
}

/** Where an answer begins in the file, and the length of the whole file, if the answer states it. */
function toExtent({ status, headers }: HttpResponse): { from: number; total?: number } {
  if (status === 206) {
    const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("Content-Range") ?? "") ?? [];
    return {
      from: Number(from ?? -1),
      ...(total !== undefined && total !== "*" && { total: Number(total) }),
    };
  }
  const length = headers.get("Content-Encoding") === null ? headers.get("Content-Length") : null;
  return { from: 0, ...(length !== null && { total: Number(length) }) };
}

/** @throws UserError if the disk has no room, before the download instead of half an hour into it */
async function requireRoom(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  if (bavail * bsize >= bytes) return;
  throw new UserError(
    `The disk has ${formatValue(bavail * bsize, "bytes")} left at ${dirname(path)}, and ${formatValue(bytes, "bytes")} are needed. Make room there, or choose another path with \`--output\`.`,
  );
}

/** @throws UserError for a page instead of the file: a login, or a page about the file */
function requireNoPage({ response }: Answer, { asked, hash }: Wanted): void {
  if (hash !== undefined || !/^text\/html\b/i.test(response.headers.get("Content-Type") ?? "")) return;
  throw new UserError(
    `${asked.what} is a web page, not a dataset. Give the address of the file itself, often named "raw" or "download".`,
  );
}

/**
 * One try: asks for what is missing, and appends it.
 * @param mayResume false: starts from the first byte
 */
async function fetchRest(
  wanted: Wanted,
  part: PartFile,
  options: DownloadOptions,
  gained: (bytes: number) => void,
  mayResume = true,
): Promise<void> {
  const { url, asked, hash } = wanted;
  const there = mayResume ? await part.resumable(toNote(url, hash?.hex, undefined)) : { bytes: 0 };
  if (there.bytes > 0 && there.bytes === wanted.bytes) return;
  const restart = () => fetchRest(wanted, part, options, gained, false);
  if (wanted.bytes !== undefined && there.bytes > wanted.bytes) return restart();
  const range: Record<string, string> = there.bytes === 0 ? {} : { Range: `bytes=${there.bytes}-` };
  if (there.validator !== undefined && there.bytes > 0) range["If-Range"] = there.validator;
  const answer = await get(url, range, options);
  const { response } = answer;
  try {
    requireNotBusy(response);
    // The server has nothing beyond these bytes: they may be all of another version.
    if (response.status === 416 && there.bytes > 0) return restart();
    // The hub granted access: the refusal is from the address that it created for this request, which may have expired.
    if (response.status === 403 && new URL(response.url).origin !== new URL(url).origin) {
      throw new BusyError(response);
    }
    const refusal = toRefusal(response.status, response.headers, asked);
    if (refusal !== undefined) throw refusal;
    requireNoPage(answer, wanted);
    const { from, total } = toExtent(response);
    const validator = toValidator(response.headers);
    if (from !== 0) {
      const isOther =
        there.validator !== undefined && validator !== undefined && validator !== there.validator;
      if (from !== there.bytes || isOther) return restart();
    } else if (there.bytes > 0) {
      options.say(`${asked.what} has changed, or cannot be resumed: it is fetched from the beginning.`);
    }
    if (total !== undefined) await requireRoom(part.path, total - from);
    await append(answer, { from, total, note: toNote(url, hash?.hex, validator) }, part, options, gained);
  } finally {
    answer.cancel();
  }
}

async function append(
  answer: Answer,
  at: { from: number; total: number | undefined; note: ReturnType<typeof toNote> },
  part: PartFile,
  { progress }: DownloadOptions,
  gained: (bytes: number) => void,
): Promise<void> {
  const file = await part.open(at.from, at.note);
  let position = at.from;
  try {
    progress.begin(at.from, at.total);
    for await (const chunk of answer.chunks()) {
      await file.writeFile(chunk).catch((error: unknown) => {
        throw toWriteError(part.path, error);
      });
      position += chunk.length;
      progress.advance(chunk.length);
      gained(chunk.length);
    }
  } finally {
    progress.stop();
    await file.close();
  }
  if (at.total !== undefined && position < at.total) {
    throw new ConnectionError(`${new URL(answer.response.url).host} has cut the connection`);
  }
  if ((await part.size()) !== position) {
    await part.remove();
    throw new UserError(
      `${part.path} was written by another program at the same time. Fetch it again, once.`,
    );
  }
}

/** @throws UserError if the bytes are not the file; they are removed */
async function check(part: PartFile, { asked, bytes, hash }: Wanted, signal?: AbortSignal): Promise<void> {
  const size = await part.size();
  const isLong = bytes === undefined || size === bytes;
  if (isLong && (hash === undefined || (await hasHash(part.path, hash, signal)))) return;
  await part.remove();
  const what = isLong
    ? `has another hash than expected (${hash?.kind === "git" ? "git" : "SHA-256"} ${hash?.hex})`
    : `has ${formatValue(size, "bytes")}, and should have ${formatValue(bytes, "bytes")}`;
  throw new UserError(
    `The download of ${asked.what} ${what}: it was damaged in transfer, or the file has just changed. It was removed; fetch it again.`,
  );
}

/**
 * Fetches the file to `output`; an existing file is replaced only when the new one is complete and checked.
 * @throws UserError, or the reason of `signal`: the received bytes remain in `output`.part, to be resumed
 */
export async function download(wanted: Wanted, output: string, options: DownloadOptions): Promise<void> {
  const part = new PartFile(output);
  await mkdir(dirname(output), { recursive: true }).catch((error: unknown) => {
    throw toWriteError(dirname(output), error);
  });
  await withRetries(wanted.asked.what, (gained) => fetchRest(wanted, part, options, gained), options);
  await check(part, wanted, options.signal);
  await part.finish();
}
