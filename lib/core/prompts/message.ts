// A message of a chat completion.

/** The form of the API; `content` may have parts (texts, images), and other keys such as `tool_call_id` are kept. */
export interface Message {
  role: "system" | "developer" | "user" | "assistant" | "tool";
  content: string | readonly object[] | null;
  [key: string]: unknown;
}
