// What a chat request asks, as the fake server received it.

export interface ChatPrompt {
  messages?: { role?: string; content?: unknown }[];
}

/** The text of the last message of the user; empty where there is none. */
export function promptOf(body: ChatPrompt): string {
  const content = body.messages?.findLast(({ role }) => role === "user")?.content;
  return typeof content === "string" ? content : "";
}
