// How the runner's own requests get at a server: with which headers, and whom they trust. Pure.

import type { AuthStyle } from "../../lib/core/apis/api.ts";
import { toExtraHeaders } from "../../lib/core/apis/headers.ts";

export interface Access {
  /** The key's and the user's. */
  headers: Readonly<Record<string, string>>;
  /** PEM file with authorities that are trusted besides the usual ones. */
  caFile?: string;
  /** No certificate is checked. */
  insecure?: true;
  /** The API goes by gRPC: to the runner's own requests the server need not answer. */
  grpc?: true;
}

export const OPEN_ACCESS: Access = { headers: {} };

export interface AccessSources {
  apiKey?: string | undefined;
  /** Headers as the user wrote them. */
  headers?: readonly string[] | undefined;
  caFile?: string | undefined;
  insecure?: boolean | undefined;
}

/**
 * @param api how the server's API takes a key, and what else it must be told
 * @param variables for those that headers name; SSL_CERT_FILE, which k6 obeys, counts here as well
 * @throws OptionError for a header of another form, or with a variable that is not set
 */
export function toAccess(
  { apiKey, headers: texts = [], caFile, insecure }: AccessSources,
  variables: Readonly<Record<string, string | undefined>>,
  api: { auth?: AuthStyle; headers?: Readonly<Record<string, string>>; grpc?: true } = {},
): Access {
  const from = { apiKey, texts, urls: [], ...(api.auth && { auth: api.auth }) };
  const headers = { ...api.headers, ...toExtraHeaders(from, variables).headers };
  const file = caFile ?? (variables.SSL_CERT_FILE || undefined);
  return {
    headers,
    ...(file !== undefined && { caFile: file }),
    ...(insecure && { insecure: true as const }),
    ...(api.grpc && { grpc: true as const }),
  };
}
