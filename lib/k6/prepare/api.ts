// The API of the server: where requests go, how their answers are read, and the headers that they need.
import sse from "k6/x/sse";
import { apiOf, type DialectName, pathOf } from "../../core/apis/apis.ts";
import { toBodyFields } from "../../core/apis/body.ts";
import { toBodyEdits } from "../../core/apis/body-edits.ts";
import { toAuthStyle, toExtraHeaders } from "../../core/apis/headers.ts";
import { OptionError } from "../../core/option-error.ts";
import { parseOption } from "../../core/options/option.ts";
import type { LoadOptions } from "../../core/options/options.ts";
import { type BodyPart, loadPart } from "../parts.ts";
import type { ClientSettings } from "../request/client-settings.ts";

interface PreparedApi {
  /** Below the server's root. */
  path: string;
  client: Pick<ClientSettings, "dialect" | "accept" | "body" | "input" | "bodyPart" | "edits">;
}

/** @throws OptionError where this k6 cannot use the API */
export function prepareApi(load: LoadOptions): PreparedApi {
  const { endpoint, mode } = load;
  const { dialect, syncDialect = dialect, input, body } = apiOf(endpoint);
  const { name, framing, contentTypes } = mode === "sync" ? syncDialect : dialect;
  if (sse.record === undefined && framing !== "sse" && framing !== "json") {
    throw new OptionError(
      `SERVER_BENCH_ENDPOINT=${endpoint} needs the project's own k6 (bin/k6): the community's extension reads nothing but event streams.`,
    );
  }
  const bodyPart: BodyPart | undefined = body === "openai" ? undefined : `body-${endpoint}`;
  // For any API: this finds errors in the JSON of an option, as an OptionError of this bundle's class.
  const fields = toBodyFields(load);
  const edits = toBodyEdits(load);
  return {
    path: pathOf(load),
    client: {
      dialect: name as DialectName,
      input,
      accept: contentTypes[0] ?? "*/*",
      body: bodyPart === undefined ? fields : loadPart(bodyPart).body.toFields(load),
      ...(bodyPart !== undefined && { bodyPart }),
      ...(edits.length > 0 && { edits }),
    },
  };
}

/**
 * The headers of every request: the key's, and those of the user. The extension hides their secrets in everything that
 * it writes.
 * @throws OptionError
 */
export function prepareHeaders({
  apiKey,
  keyHeader,
  url,
  ab,
  endpoint,
}: LoadOptions): Record<string, string> {
  const { SERVER_BENCH_HEADERS: given } = __ENV;
  const api = apiOf(endpoint);
  const texts = given ? parseOption({ kind: "words" }, given, "`SERVER_BENCH_HEADERS`") : [];
  const auth = toAuthStyle({ url: ab?.[0] ?? url, keyHeader }, api.auth);
  const from = { apiKey, texts: texts as string[], urls: ab ?? [url], auth };
  const { headers, secrets } = toExtraHeaders(from, __ENV);
  sse.hide?.(secrets);
  return { ...api.headers, ...headers };
}
