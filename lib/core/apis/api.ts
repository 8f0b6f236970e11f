// What a server API is: where its requests go, what they carry, how its answers are read. One folder here has each API.
import type { Dialect } from "../request/dialect.ts";

/** An option that an API may lack. */
export type ApiOption =
  | "topP"
  | "topK"
  | "minP"
  | "presencePenalty"
  | "frequencyPenalty"
  | "stop"
  | "responseFormat"
  | "tools"
  | "cachePrompt";

/** How a server takes a key: `bearer` as `Authorization: Bearer KEY`, else the name of the header that has it alone. */
export type AuthStyle = string;

export interface Api {
  /** Which servers have it, for the documents. */
  readonly servers: string;
  /** Below the server's root, with the version where there is one. A server that describes itself is recognized by it. */
  readonly path: string;
  /** Where whole answers have a path of their own. */
  readonly syncPath?: string;
  /** What a prompt is sent as. */
  readonly input: "messages" | "text";
  /** The field of a body that has the longest answer, in tokens; a dot leads into an object. */
  readonly lengthField: string;
  /** `openai`: the bodies of OpenAI's completions, which every client has; absent: those of `body.ts` in the API's folder. */
  readonly body?: "openai";
  /** How a stream is read. */
  readonly dialect: Dialect;
  /** How a whole answer is read; absent where the API has none that can be measured. */
  readonly syncDialect?: Dialect;
  /** How the key is sent. */
  readonly auth: AuthStyle;
  /** Headers of every request besides its media types and its key. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Options that its requests cannot carry. */
  readonly lacks: readonly ApiOption[];
  /** An answer of an exact length can be asked for (`--output-length exact`). */
  readonly exactLength?: true;
  /** The text of an answer begins with its prompt, so it cannot be a message of a conversation. */
  readonly repeatsPrompt?: true;
  /** Requests go through k6's own gRPC client: one stream after the other. */
  readonly grpc?: true;
}

/** What an API lacks that knows neither tools nor forms of an answer. */
export const PLAIN = ["responseFormat", "tools"] as const;
