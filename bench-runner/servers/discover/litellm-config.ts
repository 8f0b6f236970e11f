// The models of a LiteLLM proxy from its configuration file: their public names, and nothing else of it.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { EXIT } from "../../platform/exit-codes.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { objectsIn, textOf } from "./answers.ts";
import type { ListedModels } from "./models.ts";

/**
 * `model_list: [{model_name, litellm_params}]` → the names, each once: several deployments share one. Names with a `*`
 * match many, and are left out.
 * @throws UserError where the file has no such list
 */
export function parseLitellmConfig(text: string, path: string): ListedModels {
  const fail = (reason: string) =>
    new UserError(
      `\`${path}\` is no configuration of LiteLLM: ${reason}. It needs \`model_list\` with a \`model_name\` each.`,
      EXIT.usage,
    );
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    // The rest of the message shows lines of the file, which may have a key in them.
    const [line] = (error as { linePos?: { line: number }[] }).linePos ?? [];
    throw fail(`it is no YAML${line === undefined ? "" : ` (line ${line.line})`}`);
  }
  const list = (value as { model_list?: unknown } | null)?.model_list;
  if (!Array.isArray(list)) throw fail("`model_list` is missing");
  const names = objectsIn(list).flatMap(({ model_name }) => textOf(model_name) ?? []);
  const plain = [...new Set(names)].filter((name) => !name.includes("*"));
  if (plain.length === 0) throw fail("`model_list` names no model");
  return { names: plain, source: `\`${path}\`` };
}

/** @throws UserError */
export function readLitellmConfig(path: string): ListedModels {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(
      `The file \`${path}\` cannot be read: ${systemReason(error)}. Correct \`--litellm-config\`.`,
      EXIT.usage,
    );
  }
  return parseLitellmConfig(text, path);
}
