// Answers that no further try will change → an error that says what was refused, and what to do. Pure.
import { UserError } from "../../../platform/user-error.ts";

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
