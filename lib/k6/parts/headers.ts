// The part that one client loads for all where requests have a key, or headers of the user's.
import sse from "k6/x/sse";
import { apiOf } from "../../core/apis/apis.ts";
import { toExtraHeaders } from "../../core/apis/headers.ts";
import { OptionError } from "../../core/option-error.ts";
import { parseOption } from "../../core/options/option.ts";
import type { LoadOptions } from "../../core/options/options.ts";

/**
 * The headers of every request; the extension keeps their secrets out of whatever it writes.
 * @throws a text: the class of an error is another one in each bundle
 */
export function prepareHeaders({ apiKey, url, ab, endpoint }: LoadOptions): Record<string, string> {
  const { SERVER_BENCH_HEADERS: given } = __ENV;
  const api = apiOf(endpoint);
  try {
    const texts = given ? parseOption({ kind: "words" }, given, "`SERVER_BENCH_HEADERS`") : [];
    const from = { apiKey, texts: texts as string[], urls: ab ?? [url], auth: api.auth };
    const { headers, secrets } = toExtraHeaders(from, __ENV);
    sse.hide?.(secrets);
    return { ...api.headers, ...headers };
  } catch (error) {
    throw error instanceof OptionError ? error.message : error;
  }
}
