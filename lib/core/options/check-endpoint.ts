// Options that the API of a run (`--endpoint`) does not support.
import { apiOf } from "../apis/apis.ts";
import { toBodyEdits } from "../apis/body-edits.ts";
import { OptionError } from "../option-error.ts";
import { hasExactLengths } from "../prompts/output-lengths.ts";
import { LOAD_OPTIONS, type LoadOptions } from "./options.ts";
import { SHAPE_OPTIONS, type ShapeOptions } from "./shape-options.ts";

const flagOf = (key: keyof LoadOptions) =>
  `\`--${(LOAD_OPTIONS[key] as { flag: string }).flag}\` (${LOAD_OPTIONS[key].variable})`;

/** @throws OptionError for the first one */
export function checkEndpoint(load: LoadOptions, shape: Pick<ShapeOptions, "trace" | "skipIdleMin">): void {
  const { endpoint } = load;
  const { lacks, path, syncDialect, exactLength, repeatsPrompt, grpc } = apiOf(endpoint);
  const lacking = lacks.find((key) => load[key] !== undefined);
  if (lacking !== undefined) {
    throw new OptionError(
      `${flagOf(lacking)}: a request to \`${path}\` has no field for it. Leave it or \`--endpoint ${endpoint}\` out; server-specific fields go into \`--extra-body\`.`,
    );
  }
  if (load.mode === "sync" && syncDialect === undefined) {
    throw new OptionError(
      `${flagOf("mode")}: a whole answer of \`--endpoint ${endpoint}\` does not report its length. Use \`--mode stream\`.`,
    );
  }
  if (!grpc) toBodyEdits(load);
  else {
    const edit = (["maxTokensField", "renameField", "omit"] as const).find((key) => load[key] !== undefined);
    if (edit !== undefined) {
      throw new OptionError(
        `${flagOf(edit)}: a message over gRPC has the fields of its definition. Leave it or \`--endpoint ${endpoint}\` out.`,
      );
    }
  }
  if (grpc && (load.ab !== undefined || load.maxTurns > 1 || load.abortShare > 0)) {
    const key = load.ab !== undefined ? "ab" : load.maxTurns > 1 ? "maxTurns" : "abortShare";
    throw new OptionError(
      `${flagOf(key)} is not supported over gRPC: leave it or \`--endpoint ${endpoint}\` out.`,
    );
  }
  if (grpc && shape.skipIdleMin !== undefined) {
    const { flag, variable } = SHAPE_OPTIONS.skipIdleMin;
    throw new OptionError(
      `\`--${flag}\` (${variable}) is not supported over gRPC: leave it or \`--endpoint ${endpoint}\` out.`,
    );
  }
  if (hasExactLengths(load, shape) && !exactLength) {
    throw new OptionError(
      `${flagOf("outputLength")}: \`--endpoint ${endpoint}\` cannot ask for an answer of an exact length. Add \`--output-length limit\`.`,
    );
  }
  if (repeatsPrompt && load.maxTurns > 1 && load.history === "real") {
    throw new OptionError(
      `${flagOf("maxTurns")}: answers of \`--endpoint ${endpoint}\` repeat their prompt. Add \`--history dataset\`, or use another endpoint.`,
    );
  }
}
