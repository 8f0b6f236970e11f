// How the runner's own requests access a server: their headers, and the certificates they trust. Pure.
import type { AuthStyle } from "../../lib/core/apis/api.ts";
import { toExtraHeaders } from "../../lib/core/apis/headers.ts";

export interface Access {
  /** The header of the key, and the user's headers. */
  headers: Readonly<Record<string, string>>;
  /** PEM file with authorities that are trusted in addition to the usual ones. */
  caFile?: string;
  /** Any certificate is accepted. */
  insecure?: true;
  /** The API uses gRPC: the server may not answer the runner's own requests. */
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
 * @param api how the server's API takes a key, and further headers it needs
 * @param variables those that headers name; SSL_CERT_FILE applies here as it does to k6
 * @throws OptionError for a malformed header, or one with a variable that is not set
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
