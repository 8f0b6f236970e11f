// The APIs of inference servers by the names of `--endpoint`, one row each; everything about an API is in its folder.
//
// Where a server describes several of these paths, the first one in this order is measured.
import type { ReadingForm } from "../prompts/reading-form.ts";
import type { Dialect } from "../request/dialect.ts";
import { amsv2 } from "./amsv2/api.ts";
import type { Api } from "./api.ts";
import { chat } from "./chat/api.ts";
import { completion } from "./completion/api.ts";
import { completions } from "./completions/api.ts";
import { generate } from "./generate/api.ts";
import { generateStream } from "./generate-stream/api.ts";
import { messages } from "./messages/api.ts";
import { ollama } from "./ollama/api.ts";
import { ppl } from "./ppl/api.ts";
import { responses } from "./responses/api.ts";

export const APIS = {
  chat,
  completions,
  messages,
  responses,
  completion,
  "generate-stream": generateStream,
  generate,
  ollama,
  amsv2,
  ppl,
} as const satisfies Record<string, Api>;

/** A name of `--endpoint`. */
export type Endpoint = keyof typeof APIS;

export const ENDPOINTS = Object.keys(APIS) as readonly Endpoint[];

type Row = (typeof APIS)[Endpoint];

/** The name of a dialect: of a stream, or of a whole answer. */
export type DialectName =
  | Row["dialect"]["name"]
  | Extract<Row, { syncDialect: Dialect }>["syncDialect"]["name"];

/** The dialects of all APIs by name. */
export const DIALECTS = Object.fromEntries(
  Object.values<Api>(APIS)
    .flatMap(({ dialect, syncDialect }) => (syncDialect === undefined ? [dialect] : [dialect, syncDialect]))
    .map((dialect) => [dialect.name, dialect]),
) as Readonly<Record<DialectName, Dialect>>;

/** The row of an API. */
export function apiOf(endpoint: Endpoint): Api {
  return APIS[endpoint];
}

/** Where a run's requests go, below the server's root. */
export function pathOf({ endpoint, mode }: { endpoint: Endpoint; mode: "stream" | "sync" }): string {
  const { path, syncPath = path } = apiOf(endpoint);
  return mode === "sync" ? syncPath : path;
}

/** What a load needs of its rows: answers for the turns after them only, plain prompts where the API takes texts. */
export function toReadingForm({
  maxTurns,
  history,
  endpoint,
}: {
  maxTurns: number;
  history: "real" | "dataset";
  endpoint: Endpoint;
}): Required<ReadingForm> {
  return {
    maxTurns,
    keepAnswers: history === "dataset" && maxTurns > 1,
    style: apiOf(endpoint).input === "text" ? "plain" : "chat",
  };
}
