// The variables of an env_setup.sh: what they are here. They count only where `BACKEND` names one of its backends. Pure.
import { BACKENDS, type Backend, withScheme } from "./flag-aliases.ts";

type Texts = Readonly<Record<string, string | undefined>>;

/** The variables of this project that one sets: by name, undefined for none. */
type ToVariables = (text: string, backend: Backend, all: Texts) => Record<string, string | undefined>;

export interface EnvSetupVariable {
  name: string;
  /** Shown in docs/aliases.md. */
  meaning: string;
  to?: ToVariables;
}

const isOff = (text: string | undefined) =>
  text === undefined || ["", "0", "false", "no", "off"].includes(text.toLowerCase());

const toUrl =
  (name: string): ToVariables =>
  (text, backend) =>
    backend.urlVariable === name ? { SERVER_BENCH_URL: withScheme(text) } : {};

/** A separate name for each size of the model. */
function toName(backend: Backend, { MODEL_SIZE, TP_SIZE, MODE }: Texts): string {
  const parts = [backend.name, MODEL_SIZE && `${MODEL_SIZE}b`, TP_SIZE && `tp${TP_SIZE}`, MODE];
  return parts.filter((part) => part !== undefined && part !== "").join("-");
}

const NAME_PART = "a part of the run's name (`SERVER_BENCH_NAME`)";
const NOT_NEEDED = "not needed: the server reports the name of its model, or `--model` gives it";

export const ENV_SETUP: readonly EnvSetupVariable[] = [
  {
    name: "BACKEND",
    meaning: `\`SERVER_BENCH_ENDPOINT\`: ${BACKENDS.map(({ name, endpoint }) => `\`${name}\` is \`${endpoint}\``).join(", ")}; it also selects which address is used, and chooses the scenario \`closed\` unless an option asks for another load`,
    to: (_, backend) => ({ SERVER_BENCH_ENDPOINT: backend.endpoint }),
  },
  ...["MODEL_SIZE", "TP_SIZE", "MODE"].map((name) => ({
    name,
    meaning: NAME_PART,
    to: (_: string, backend: Backend, all: Texts) => ({ SERVER_BENCH_NAME: toName(backend, all) }),
  })),
  {
    name: "ENABLE_SYSTEM_PROMPT",
    meaning:
      "`0` or `false`: no system message (`SERVER_BENCH_SYSTEM_PROMPT` is empty); `1`: the text of `SYSTEM_PROMPT_PATH`",
    to: (text) => (isOff(text) ? { SERVER_BENCH_SYSTEM_PROMPT: "" } : {}),
  },
  {
    name: "SYSTEM_PROMPT_PATH",
    meaning: "`SERVER_BENCH_SYSTEM_PROMPT_FILE`, if `ENABLE_SYSTEM_PROMPT` is `1`",
    to: (text, _, all) => (isOff(all.ENABLE_SYSTEM_PROMPT) ? {} : { SERVER_BENCH_SYSTEM_PROMPT_FILE: text }),
  },
  { name: "DATASET_PATH", meaning: "`SERVER_BENCH_DATASET`", to: (text) => ({ SERVER_BENCH_DATASET: text }) },
  {
    name: "BENCHMARK_TOKENIZER_PATH",
    meaning: "`SERVER_BENCH_TOKENIZER`: the `tokenizer.json` in that folder",
    to: (text) => ({
      SERVER_BENCH_TOKENIZER: text.endsWith(".json") ? text : `${text.replace(/\/$/, "")}/tokenizer.json`,
    }),
  },
  ...BACKENDS.flatMap(({ name: backend, urlVariable: name }) =>
    name === undefined
      ? []
      : [{ name, meaning: `\`SERVER_BENCH_URL\`, if \`BACKEND\` is \`${backend}\``, to: toUrl(name) }],
  ),
  {
    name: "AMSV2_API_KEY",
    meaning: "`SERVER_BENCH_API_KEY`, if `BACKEND` is `amsv2`",
    to: (text, backend) => (backend.keyVariable === "AMSV2_API_KEY" ? { SERVER_BENCH_API_KEY: text } : {}),
  },
  { name: "BENCHMARK_LLM", meaning: "not needed: this program replaces that script" },
  { name: "HF_MODEL_PATH", meaning: NOT_NEEDED },
  { name: "OPMX_MODEL_PATH", meaning: NOT_NEEDED },
];

/**
 * The variables with those of an env_setup.sh translated to ours; one of ours that is set stays as it is.
 * @param leaveOut variables of ours that something else decides
 * @returns also the names of those that counted, none where `BACKEND` names no backend of it
 */
export function withEnvSetup(
  variables: Texts,
  leaveOut: readonly string[] = [],
): { variables: Record<string, string | undefined>; used: string[] } {
  const backend = BACKENDS.find(
    ({ name, urlVariable }) => name === variables.BACKEND && urlVariable !== undefined,
  );
  if (backend === undefined) return { variables: { ...variables }, used: [] };
  const written: Record<string, string | undefined> = { ...variables };
  const used = new Set<string>();
  for (const { name, to } of ENV_SETUP) {
    const text = variables[name];
    if (text === undefined || to === undefined || (text === "" && name !== "ENABLE_SYSTEM_PROMPT")) continue;
    for (const [own, value] of Object.entries(to(text, backend, variables))) {
      if (variables[own] !== undefined || leaveOut.includes(own)) continue;
      written[own] = value;
      used.add(name);
    }
  }
  return { variables: written, used: [...used] };
}
