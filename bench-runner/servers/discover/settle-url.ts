// Whether the API of a server is below `/v1` of a base with a path of its own: the server says it.
import { endpointUrl, isVersionOpen, withVersion } from "../../../lib/core/apis/url.ts";
import type { Access } from "../../platform/access.ts";
import { requestServer } from "../../platform/server-request.ts";
import { UserError } from "../../platform/user-error.ts";

const TIMEOUT_MS = 10_000;

/** Asked in this order; a GET of them triggers no inference. */
const PATHS = ["/v1/models", "/v1/chat/completions"] as const;

/** Answers of a path that is not there. */
const ABSENT: ReadonlySet<number | undefined> = new Set([404, 501, undefined]);

/**
 * @param url as the user gives it
 * @returns the address as it is; with `/v1` behind its path only where the server answers there and not without it
 * @throws UserError where the trusted certificates cannot be read
 */
export async function settleUrl(url: string, access: Access): Promise<string> {
  if (!isVersionOpen(url)) return url;
  const versioned = withVersion(url);
  const statusAt = async (base: string, path: string): Promise<number | undefined> => {
    try {
      return (await requestServer(endpointUrl(base, path), access, { timeoutMs: TIMEOUT_MS })).status;
    } catch (error) {
      if (error instanceof UserError) throw error;
      return undefined;
    }
  };
  for (const path of PATHS) {
    const [asGiven, below] = await Promise.all([statusAt(url, path), statusAt(versioned, path)]);
    if (!ABSENT.has(asGiven)) return url;
    if (!ABSENT.has(below)) return versioned;
  }
  return url;
}

/** The addresses of a run, settled, by the address that was given; those that stay as they are are left out. */
export async function settleUrls(urls: readonly string[], access: Access): Promise<Record<string, string>> {
  const pairs = await Promise.all(urls.map(async (url) => [url, await settleUrl(url, access)] as const));
  return Object.fromEntries(pairs.filter(([given, settled]) => given !== settled));
}
