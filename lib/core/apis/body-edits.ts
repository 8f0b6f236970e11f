// What a run changes in every body: fields with another name, and fields that are left out. Pure.
import { OptionError } from "../option-error.ts";
import { apiOf, type Endpoint } from "./apis.ts";
import type { BodyOptions } from "./body.ts";

/** One field of a body. */
export interface BodyEdit {
  /** The keys that lead to it. */
  path: string[];
  /** Its other name; absent: it is left out. */
  to?: string;
}

type EditOptions = Pick<BodyOptions, "extraBody" | "maxTokensField" | "renameField" | "omit" | "mode"> & {
  endpoint: Endpoint;
};

/** Without these fields nothing is asked. */
const NEEDED = ["messages", "prompt", "input", "inputs"];

const FIELD = /^[^\s.=,]+(\.[^\s.=,]+)*$/;

/** @throws OptionError for a text that names no field */
function toPath(text: string, option: string): string[] {
  if (FIELD.test(text)) return text.split(".");
  throw new OptionError(`${option}: expected the name of a field such as \`seed\`, got \`${text}\`.`);
}

/** @throws OptionError for a text of another form than `old=new` */
function toRename(text: string): BodyEdit {
  const option = "`--rename-field` (SERVER_BENCH_RENAME_FIELD)";
  const [, from = "", to = ""] = /^([^=]*)=([^=]*)$/.exec(text.trim()) ?? [];
  if (from === "" || to === "" || to.includes(".")) {
    throw new OptionError(
      `${option}: expected \`old=new\` with the new name alone, as in \`seed=random_seed\`, got \`${text}\`.`,
    );
  }
  return { path: toPath(from, option), to: toPath(to, option).join("") };
}

/** @throws OptionError for a field without which nothing can be measured */
function toOmission(text: string, { mode }: EditOptions): BodyEdit {
  const option = "`--omit` (SERVER_BENCH_OMIT)";
  const path = toPath(text, option);
  if (NEEDED.includes(text)) {
    throw new OptionError(
      `${option}: without \`${text}\` a request asks nothing. Give it another name with \`--rename-field ${text}=NAME\`.`,
    );
  }
  if (text === "stream" && mode !== "sync") {
    throw new OptionError(`${option}: without \`stream\` no answer is streamed. Add \`--mode sync\`.`);
  }
  return { path };
}

/** The fields of `--extra-body` whose value is null; also those inside the object that the API has for its options. */
function toNulls(extraBody: string | undefined, inside: string | undefined): BodyEdit[] {
  const extra = (extraBody === undefined ? {} : JSON.parse(extraBody)) as Record<string, unknown>;
  return Object.entries(extra).flatMap(([key, value]): BodyEdit[] => {
    if (value === null) return [{ path: [key] }];
    if (key !== inside || typeof value !== "object") return [];
    return Object.entries(value).flatMap(([name, own]) => (own === null ? [{ path: [key, name] }] : []));
  });
}

/**
 * The changes in every body of a run, in their order: other names come first, so that a name that became free can be left
 * out without the renamed field.
 * @throws OptionError for what names no field, and for a field without which nothing can be measured
 */
export function toBodyEdits(options: EditOptions): BodyEdit[] {
  const { maxTokensField, renameField = [], omit = [], extraBody, endpoint } = options;
  const { lengthField, grpc } = apiOf(endpoint);
  // There, null is a value of the protocol's own.
  if (grpc) return [];
  const length = lengthField.split(".");
  const renames = renameField.map(toRename);
  if (maxTokensField !== undefined) {
    const [to = "", ...more] = toPath(maxTokensField, "`--max-tokens-field` (SERVER_BENCH_MAX_TOKENS_FIELD)");
    if (more.length > 0) {
      throw new OptionError(
        `\`--max-tokens-field\` (SERVER_BENCH_MAX_TOKENS_FIELD): expected the name alone, without the object around it, got \`${maxTokensField}\`.`,
      );
    }
    renames.push({ path: length, to });
  }
  const names = omit.flatMap((text) => text.split(",")).map((text) => text.trim());
  return [
    ...renames,
    ...names.map((text) => toOmission(text, options)),
    ...toNulls(extraBody, length.length > 1 ? length[0] : undefined),
  ];
}
