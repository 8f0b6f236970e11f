// Retries what failed by a cut connection or an overloaded server, a bounded number of times.
import { setTimeout as pause } from "node:timers/promises";
import type { HttpResponse } from "../../../platform/http.ts";
import { UserError } from "../../../platform/user-error.ts";
import { ConnectionError } from "./fetch-http.ts";

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
