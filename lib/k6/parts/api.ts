// The part that one client loads for all: the API of the server, and how the extension reads the answers of each.
import sse from "k6/x/sse";
import { apiOf, type DialectName, pathOf } from "../../core/apis/apis.ts";
import { toBodyFields } from "../../core/apis/body.ts";
import { OptionError } from "../../core/option-error.ts";
import type { LoadOptions } from "../../core/options/options.ts";
import type { ShapeKind } from "../../core/options/shapes.ts";
import { type BodyPart, loadPart } from "../parts.ts";

/** For `sse.configure`. */
export { DIALECTS } from "../../core/apis/apis.ts";

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
    /** The part that makes its bodies; absent for the two completions of OpenAI. */
    bodyPart?: BodyPart;
  };
}

/** @throws a text: the class of an error is another one in each bundle */
export function prepareApi(load: LoadOptions, kind: ShapeKind): PreparedApi {
  const { endpoint, mode } = load;
  const { dialect, syncDialect = dialect, input, body, grpc } = apiOf(endpoint);
  const { name, framing, contentTypes } = mode === "sync" ? syncDialect : dialect;
  if (grpc && kind !== "plain") {
    throw `SERVER_BENCH_ENDPOINT=${endpoint} goes by gRPC, which only the plain scenario does: use \`--scenario script\` (dist/script.js).`;
  }
  if (sse.record === undefined && framing !== "sse" && framing !== "json") {
    throw `SERVER_BENCH_ENDPOINT=${endpoint} needs the project's own k6 (bin/k6): the community's extension reads nothing but event streams.`;
  }
  const bodyPart: BodyPart | undefined = body === "openai" ? undefined : `body-${endpoint}`;
  try {
    // For any API: what is wrong with the JSON of an option is found here, where OptionError has this bundle's class.
    const fields = toBodyFields(load);
    return {
      path: pathOf(load),
      client: {
        dialect: name as DialectName,
        input,
        accept: contentTypes[0] ?? "*/*",
        body: bodyPart === undefined ? fields : loadPart(bodyPart).body.toFields(load),
        ...(bodyPart !== undefined && { bodyPart }),
      },
    };
  } catch (error) {
    throw error instanceof OptionError ? error.message : error;
  }
}
