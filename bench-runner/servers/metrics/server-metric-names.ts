// One scrape in the vocabulary that all servers share.
import {
  recogniseServer,
  type ServerKind,
  type ServerMeaning,
  VOCABULARIES,
  type Vocabulary,
} from "./server-vocabulary.ts";

export { namesOf, type ServerMeaning } from "./server-vocabulary.ts";

/** Figures of one scrape by their meaning; one that the server does not have is absent. */
export type ServerValues = { [M in ServerMeaning]?: number };

interface Sample {
  labels: Map<string, string>;
  value: number;
}

/**
 * @param values by name, or `name{label="value"}`: counts are added up over engines and models, of a share it is the mean
 */
export function toServerValues(values: Iterable<readonly [string, number]>): ServerValues {
  const samples = new Map<string, Sample[]>();
  for (const [key, value] of values) {
    const brace = key.indexOf("{");
    const name = brace < 0 ? key : key.slice(0, brace);
    const same = samples.get(name) ?? [];
    same.push({ labels: parseLabels(brace < 0 ? "" : key.slice(brace)), value });
    samples.set(name, same);
  }
  const server = recogniseServer(samples.keys());
  if (server === undefined) return {};
  const found: ServerValues = {};
  for (const [meaning, names] of Object.entries(server.names) as [ServerMeaning, readonly string[]][]) {
    const own = names
      .flatMap((name) => server.prefixes.map((prefix) => samples.get(prefix + name)))
      .find((samples) => samples !== undefined);
    const value = own && combine(own, meaning, server);
    if (value !== undefined) found[meaning] = value;
  }
  return withPromptTokens(found);
}

/** The kind of server that a scrape is from. */
export function toServerKind(names: Iterable<string>): ServerKind | undefined {
  return recogniseServer(names)?.kind;
}

/**
 * Scrapes of a server whose counters appear with what they first count: one that is there at the end was 0 before it appeared.
 */
export function withLateCounters(
  scrapes: readonly ServerValues[],
  kind: ServerKind | undefined,
): ServerValues[] {
  const last = scrapes.at(-1);
  const isBornLate = VOCABULARIES.find((server) => server.kind === kind)?.isBornLate;
  if (last === undefined || !isBornLate) return [...scrapes];
  const born: Partial<Record<ServerMeaning, true>> = {};
  return scrapes.map((values) => {
    const filled = { ...values };
    for (const meaning of ["allPromptTokens", "cachedPromptTokens", "generatedTokens"] as const) {
      if (values[meaning] !== undefined) born[meaning] = true;
      // After it was there it can only be missing because the server was restarted.
      else if (last[meaning] !== undefined && !born[meaning]) filled[meaning] = 0;
    }
    return withPromptTokens(filled);
  });
}

function combine(samples: readonly Sample[], meaning: ServerMeaning, server: Vocabulary): number | undefined {
  const engines = new Map<string, number>();
  for (const { labels, value } of samples) {
    if (server.partsBy.some((label) => (labels.get(label) ?? "") !== "")) continue;
    const engine = [...labels].filter(([label]) => !server.ranks.includes(label)).join("\n");
    if (!engines.has(engine)) engines.set(engine, value);
  }
  if (engines.size === 0) return undefined;
  const sum = [...engines.values()].reduce((total, value) => total + value, 0);
  return meaning === "cacheUsage" || meaning === "busySlotsPerDecode" ? sum / engines.size : sum;
}

/** Where a server counts whole prompts, what it worked through is the rest. */
function withPromptTokens(values: ServerValues): ServerValues {
  const { allPromptTokens, cachedPromptTokens } = values;
  return allPromptTokens === undefined || cachedPromptTokens === undefined
    ? values
    : { ...values, promptTokens: allPromptTokens - cachedPromptTokens };
}

function parseLabels(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/([^{},="]+)=("(?:[^"\\]|\\.)*")/g)].map(([, label = "", value = '""']) => [
      label,
      JSON.parse(value) as string,
    ]),
  );
}
