// The two APIs that the fake answers with generated text, and the others, which it answers with transcripts.

import { ENDPOINTS, pathOf } from "../../lib/core/apis/apis.ts";

export type Api = "chat" | "completions";

const apis: Record<string, Api | undefined> = {
  "/v1/chat/completions": "chat",
  "/chat/completions": "chat",
  "/v1/completions": "completions",
};

const transcribed = new Set(
  ENDPOINTS.flatMap((endpoint) => [pathOf({ endpoint, mode: "stream" }), pathOf({ endpoint, mode: "sync" })]),
);

/** Whether requests for text go there that only a transcript can answer. */
export function isTranscribed(path: string): boolean {
  return toApi(path) === undefined && transcribed.has(path.split("?")[0] ?? "");
}

/** @returns the API at a path, undefined for a path where nothing is generated. */
export function toApi(path: string): Api | undefined {
  return apis[path.split("?")[0] ?? ""];
}
