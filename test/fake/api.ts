// The two APIs that the fake answers with generated text.

export type Api = "chat" | "completions";

const apis: Record<string, Api | undefined> = {
  "/v1/chat/completions": "chat",
  "/chat/completions": "chat",
  "/v1/completions": "completions",
};

/** @returns the API at a path, undefined for a path where nothing is generated. */
export function toApi(path: string): Api | undefined {
  return apis[path.split("?")[0] ?? ""];
}
