// What failed: answers that no further try will change → an error with the remedy; a cut connection or an overloaded server →
// further tries, a bounded number of times.
import { setTimeout as pause } from "node:timers/promises";
import type { HttpResponse } from "../../../platform/http.ts";
import { UserError } from "../../../platform/user-error.ts";
import { ConnectionError } from "./fetch-http.ts";

export interface Asked {
  /** For example "OWNER/REPO/FILE", or an address without its query. */
  what: string;
  /** The page where terms are accepted; absent for addresses outside a hub. */
  page?: string;
  /** Whether HF_TOKEN was sent. */
  hasToken: boolean;
}

/** The hub's code for the reason: "GatedRepo", "RepoNotFound", "RevisionNotFound", "EntryNotFound". */
const reasonOf = (headers: Headers) => headers.get("X-Error-Code") ?? "";

function refuseAccess(status: number, reason: string, { what, page, hasToken }: Asked): string {
  if (page === undefined) {
    return `${what} is refused (${status}): it needs a login, which \`datasets fetch\` cannot give. Fetch it in a browser, and give the file by \`--dataset\`.`;
  }
  const token = "set HF_TOKEN to a token of yours (huggingface.co/settings/tokens, kind `read`)";
  if (reason === "GatedRepo" || status === 403) {
    return hasToken
      ? `${what} is gated, and the account of HF_TOKEN may not read it (${status}). Accept its terms at ${page}, or give the token the right to read gated repositories.`
      : `${what} is gated (${status}). Accept its terms at ${page}, then ${token}.`;
  }
  return hasToken
    ? `${what} is refused (${status}): HF_TOKEN is not valid, or the repository does not exist or is private. Check both; its page is ${page}.`
    : `${what} is refused (${status}): the repository does not exist, or it is private or gated. Check its name; if it is gated, accept its terms at ${page}; then ${token}.`;
}

/** @returns undefined for an answer that is not a refusal (below 400) */
export function toRefusal(status: number, headers: Headers, asked: Asked): UserError | undefined {
  if (status < 400) return undefined;
  const reason = reasonOf(headers);
  const { what } = asked;
  if (status === 401 || status === 403) return new UserError(refuseAccess(status, reason, asked));
  if (status !== 404 && status !== 410) {
    return new UserError(`${what} cannot be fetched: the server answers ${status}. Check the address.`);
  }
  const missing = {
    RepoNotFound: "there is no such repository",
    RevisionNotFound: "there is no such revision",
    EntryNotFound: "the repository has no such file or folder",
  }[reason];
  return new UserError(
    `${what} was not found (${status})${missing === undefined ? "" : `: ${missing}`}. Check its name${asked.page === undefined ? "" : `; its page is ${asked.page}`}.`,
  );
}

/** Pauses before the further tries. */
const PAUSES_MS = [1_000, 2_000, 5_000, 10_000, 20_000];
/** The longest pause that a server can request. */
const LONGEST_PAUSE_MS = 60_000;
/** A try that received this many bytes resets the count of tries. */
const PROGRESS_BYTES = 1 << 20;

export interface RetryOptions {
  /** Default: 1, 2, 5, 10 and 20 s. */
  pausesMs?: readonly number[] | undefined;
  signal?: AbortSignal | undefined;
  say: (text: string) => void;
}

/** An answer such as 503: another try may succeed. */
export class BusyError extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(response: HttpResponse) {
    const host = new URL(response.url).host;
    super(`${host} answers ${response.status}${response.statusText === "" ? "" : ` ${response.statusText}`}`);
    const seconds = Number(response.headers.get("Retry-After") || Number.NaN);
    this.retryAfterMs = Number.isFinite(seconds)
      ? Math.min(Math.max(0, seconds) * 1000, LONGEST_PAUSE_MS)
      : undefined;
  }
}

/** @throws BusyError for a temporary status */
export function requireNotBusy(response: HttpResponse): void {
  if (response.status >= 500 || response.status === 429 || response.status === 408)
    throw new BusyError(response);
}

/**
 * @param work gets a function that reports received bytes
 * @param what named if every try failed, for example "The file list of OWNER/REPO"
 * @throws UserError if the last try failed, too; any other error than a ConnectionError or a BusyError at once
 */
export async function withRetries<T>(
  what: string,
  work: (gained: (bytes: number) => void) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { pausesMs = PAUSES_MS, signal, say } = options;
  let failed = 0;
  let hasGained = false;
  for (;;) {
    let bytes = 0;
    try {
      return await work((more) => {
        bytes += more;
      });
    } catch (error) {
      if (!(error instanceof ConnectionError || error instanceof BusyError)) throw error;
      hasGained ||= bytes > 0;
      if (error instanceof ConnectionError && error.isUnknownHost && !hasGained) {
        throw new UserError(
          `${what} could not be fetched: ${error.message}. Check the address, HF_ENDPOINT and the network.`,
        );
      }
      if (bytes >= PROGRESS_BYTES) failed = 0;
      const planned = pausesMs[failed];
      failed++;
      if (planned === undefined) {
        throw new UserError(
          `${what} could not be fetched, ${failed} tries in a row: ${error.message}. Try later, or check the network and HF_ENDPOINT; the same command resumes where this one ended.`,
        );
      }
      const wait = Math.max(planned, (error instanceof BusyError && error.retryAfterMs) || 0);
      say(
        `${error.message}: trying again in ${Math.ceil(wait / 1000)} s (${failed} of ${pausesMs.length}) …`,
      );
      await pause(wait, undefined, { signal });
    }
  }
}
