// The counter of a text's tokens before the run.

export interface TokenCounter {
  /** `server`: its `/tokenize`; `tokenizer`: a file of the user; `words`: by white space, an estimate. */
  by: "server" | "tokenizer" | "words";
  /** The name for notices and the summary: "the server's /tokenize", "tokenizer.json", "whitespace words". */
  name: string;
  /** The tokens of each text, in order, without those that a chat template or the begin-of-text adds. */
  count(texts: readonly string[]): Promise<number[]>;
}
