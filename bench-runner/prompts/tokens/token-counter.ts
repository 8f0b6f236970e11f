// What counts the tokens of a text before the run.

export interface TokenCounter {
  /** `server`: its `/tokenize`; `tokenizer`: a file of the user's; `words`: by white space, an estimate. */
  by: "server" | "tokenizer" | "words";
  /** In words, for notices and the summary: "the server's /tokenize", "tokenizer.json", "whitespace words". */
  name: string;
  /** The tokens of each text, in order, without those that a chat template or the beginning of a text adds. */
  count(texts: readonly string[]): Promise<number[]>;
}
