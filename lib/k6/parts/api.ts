// The part that one client loads for all: the API of the server, and how the extension reads the answers of each.
import sse from "k6/x/sse";
import { apiOf, pathOf } from "../../core/apis/apis.ts";
import { isOther, type OtherEndpoint, toApiFields } from "../../core/apis/bodies/index.ts";
import { DIALECTS, type DialectName } from "../../core/apis/dialects/index.ts";
import { OptionError } from "../../core/option-error.ts";
import type { LoadOptions } from "../../core/options/options.ts";
import type { ShapeKind } from "../../core/options/shapes.ts";
import type { Dialect } from "../../core/request/dialect.ts";

/** For `sse.configure`. */
export { DIALECTS } from "../../core/apis/dialects/index.ts";

export interface PreparedApi {
  /** Below the server's root. */
  path: string;
  client: {
    dialect: DialectName;
    /** The media type of an answer. */
    accept: string;
    /** What all bodies have. */
    body: Record<string, unknown>;
    /** What a prompt is sent as. */
    input: "messages" | "text";
    /** Whose bodies are in a part of their own; absent for the two completions of OpenAI. */
    otherApi?: OtherEndpoint;
  };
}

/** @throws a text: the class of an error is another one in each bundle */
export function prepareApi(load: LoadOptions, kind: ShapeKind): PreparedApi {
  const { endpoint, mode } = load;
  const { dialect: streamed, syncDialect, input, grpc } = apiOf(endpoint);
  const dialect = mode === "sync" ? (syncDialect ?? streamed) : streamed;
  const { framing, contentTypes }: Dialect = DIALECTS[dialect];
  if (grpc && kind !== "plain") {
    throw `SERVER_BENCH_ENDPOINT=${endpoint} goes by gRPC, which only the plain scenario does: use \`--scenario script\` (dist/script.js).`;
  }
  if (sse.record === undefined && framing !== "sse" && framing !== "json") {
    throw `SERVER_BENCH_ENDPOINT=${endpoint} needs the project's own k6 (bin/k6): the community's extension reads nothing but event streams.`;
  }
  try {
    return {
      path: pathOf(load),
      client: {
        ...{ dialect, input },
        accept: contentTypes[0] ?? "*/*",
        body: toApiFields(load),
        ...(isOther(endpoint) && { otherApi: endpoint }),
      },
    };
  } catch (error) {
    throw error instanceof OptionError ? error.message : error;
  }
}
