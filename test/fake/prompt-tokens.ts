// The fake's tokenizer: a token is a whitespace word, and a prompt has one token more than its words.

export function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== "").length;
}

/** @returns the same of the prompt of a completion: a text, a list of texts, or a list of tokens. */
export function countCompletionTokens(prompt: unknown): number {
  const parts = Array.isArray(prompt) ? prompt : [prompt];
  return 1 + parts.reduce((sum: number, part) => sum + (typeof part === "string" ? countWords(part) : 1), 0);
}

/** @returns whitespace words of all messages (text, or the text parts of a list) + 1. */
export function countPromptTokens(messages: { content?: unknown }[]): number {
  return 1 + messages.reduce((sum, message) => sum + countWords(textOf(message.content)), 0);
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: { text?: unknown }) => (typeof part.text === "string" ? part.text : ""))
    .join(" ");
}
