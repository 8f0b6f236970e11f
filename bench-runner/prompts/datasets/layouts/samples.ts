// Prompts with their lengths, `["prompt", 120, 310]`: the tokens of the prompt and of its answer.
import type { Layout } from "../layout.ts";

export const samplesLayout: Layout = {
  shape: '`["prompt", input length, output length]`',
  marks: [["0", "1", "2"]],
  columns: [],
  toContent({ 0: prompt, 2: answerTokens }) {
    if (typeof prompt !== "string" || typeof answerTokens !== "number") return undefined;
    return { prompt, answerTokens };
  },
};
