// The models of a running server that generate text: what `--model all` measures.
import { endpointUrl } from "../../../lib/core/apis/url.ts";
import type { Access } from "../../platform/access.ts";
import { requestServer } from "../../platform/server-request.ts";
import { UserError } from "../../platform/user-error.ts";
import { type Answer, objectOf, objectsIn, textOf } from "./answers.ts";
import { findServer } from "./discover.ts";
import { readLitellmConfig } from "./litellm-config.ts";
import type { ListedModels } from "./models.ts";

export interface ServedModels {
  names: string[];
  /** Those that are listed and not measured. */
  skipped: { name: string; reason: string }[];
}

const TIMEOUT_MS = 10_000;

/** What LiteLLM calls models that generate text; it leaves the mode of an unknown model out. */
const TEXT_MODES = ["chat", "completion", "responses"];

/** Names of models that generate no text, for servers that do not say it. */
const NO_TEXT = /(^|[-_/.:])(embed(ding|dings|der)?|rerank(er)?|whisper|tts|moderation|dall-e)($|[-_/.:\d])/i;

/** `/model/info` of a LiteLLM proxy → the mode of each of its models, such as "chat" and "embedding". Pure. */
export function readModes(answer: Answer): Map<string, string> {
  const modes = new Map<string, string>();
  for (const { model_name, model_info } of objectsIn(objectOf(answer).data)) {
    const name = textOf(model_name);
    const mode = textOf((model_info as { mode?: unknown } | null | undefined)?.mode);
    if (name !== undefined && mode !== undefined) modes.set(name, mode);
  }
  return modes;
}

/** @param modes as the server says them, by model; empty where it does not. Pure. */
export function toServedModels(
  { names }: Pick<ListedModels, "names">,
  modes: ReadonlyMap<string, string>,
): ServedModels {
  const reasonOf = (name: string): string | undefined => {
    const mode = modes.get(name);
    if (name.includes("*")) return "it stands for many models";
    if (mode !== undefined) return TEXT_MODES.includes(mode) ? undefined : `it is for ${mode}`;
    return NO_TEXT.test(name) ? "by its name it generates no text" : undefined;
  };
  const judged = names.map((name) => ({ name, reason: reasonOf(name) }));
  return {
    names: judged.flatMap(({ name, reason }) => (reason === undefined ? [name] : [])),
    skipped: judged.flatMap(({ name, reason }) => (reason === undefined ? [] : [{ name, reason }])),
  };
}

/**
 * @param litellmConfig path of a proxy's file, which has the names instead
 * @throws UserError where the server cannot be measured as it is, or has no model that generates text
 */
export async function findServedModels(
  url: string,
  access: Access,
  litellmConfig?: string,
): Promise<ServedModels> {
  const { url: shown, software, models } = await findServer(url, access);
  const listed = litellmConfig === undefined ? models : readLitellmConfig(litellmConfig);
  const modes =
    software?.name === "LiteLLM" ? readModes(await askModes(url, access)) : new Map<string, string>();
  const served = toServedModels(listed, modes);
  if (served.names.length > 0) return served;
  throw new UserError(
    `\`--model all\`: the server at ${shown} lists no model that generates text (${listed.unknown ?? `${listed.names.length} in ${listed.source}`}). Name one with \`--model\`.`,
  );
}

async function askModes(url: string, access: Access): Promise<Answer> {
  try {
    return await requestServer(endpointUrl(url, "/model/info"), access, { timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (error instanceof UserError) throw error;
    return { problem: String(error) };
  }
}
