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

/** What a proxy says of its models. */
export interface ProxyModels {
  /** Such as "chat" and "embedding", by model; absent where it does not say it. */
  modes: ReadonlyMap<string, string>;
  /** Models that nobody configured by their names: a wildcard (`openai/*`) stands for them. */
  byWildcard: ReadonlySet<string>;
}

const UNKNOWN: ProxyModels = { modes: new Map(), byWildcard: new Set() };

const TIMEOUT_MS = 10_000;

/** What LiteLLM calls models that answer chats; it leaves the mode of an unknown model out. */
const TEXT_MODES = ["chat", "completion"];

/** Names of models that generate no text, for servers that do not say it. */
const NO_TEXT = /(^|[-_/.:])(embed(ding|dings|der)?|rerank(er)?|whisper|tts|moderation|dall-e)($|[-_/.:\d])/i;

/** How many names of one kind a sentence has. */
const MOST_NAMED = 3;

/** A sentence for each reason. Pure. */
export function describeSkipped(skipped: ServedModels["skipped"]): string[] {
  return [...new Set(skipped.map(({ reason }) => reason))].map((reason) => {
    const models = skipped.filter((one) => one.reason === reason);
    const named = models.slice(0, MOST_NAMED).map(({ name }) => `\`${name}\``);
    const rest = models.length - named.length;
    return `\`--model all\` leaves out (${reason}): ${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
  });
}

/** `/model/info` of a LiteLLM proxy: it lists every model that a wildcard could mean, all with the id of the wildcard. Pure. */
export function readProxyModels(answer: Answer): ProxyModels {
  const modes = new Map<string, string>();
  const byId = new Map<string, Set<string>>();
  for (const { model_name, model_info } of objectsIn(objectOf(answer).data)) {
    const name = textOf(model_name);
    const info = (model_info ?? {}) as { mode?: unknown; id?: unknown };
    const [mode, id] = [textOf(info.mode), textOf(info.id)];
    if (name !== undefined && mode !== undefined) modes.set(name, mode);
    if (name !== undefined && id !== undefined) byId.set(id, (byId.get(id) ?? new Set()).add(name));
  }
  const shared = [...byId.values()].filter((names) => names.size > 1);
  return { modes, byWildcard: new Set(shared.flatMap((names) => [...names])) };
}

/** Pure. */
export function toServedModels(
  { names }: Pick<ListedModels, "names">,
  { modes, byWildcard }: ProxyModels = UNKNOWN,
): ServedModels {
  const reasonOf = (name: string): string | undefined => {
    const mode = modes.get(name);
    if (name.includes("*") || byWildcard.has(name)) return "a wildcard of the proxy";
    if (mode !== undefined) return TEXT_MODES.includes(mode) ? undefined : `for ${mode.replaceAll("_", " ")}`;
    return NO_TEXT.test(name) ? "no text, by its name" : undefined;
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
  const isProxy = software?.name === "LiteLLM";
  const served = toServedModels(listed, isProxy ? readProxyModels(await askProxy(url, access)) : UNKNOWN);
  if (served.names.length > 0) return served;
  const why = listed.unknown ?? `${listed.names.length} in ${listed.source}`;
  throw new UserError(
    `\`--model all\`: the server at ${shown} lists no model that generates text (${why}). Name one with \`--model\`.`,
  );
}

async function askProxy(url: string, access: Access): Promise<Answer> {
  try {
    return await requestServer(endpointUrl(url, "/model/info"), access, { timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (error instanceof UserError) throw error;
    return { problem: String(error) };
  }
}
