// A server's answers to the requests by which it is recognized. Pure.
import { toShortLine } from "../../platform/plain-text.ts";

/** What every server is asked first: none of these paths triggers inference. */
export const FIRST_PATHS = [
  "/v1/models",
  "/props",
  "/version",
  "/get_model_info",
  "/info",
  "/api/version",
  "/api/tags",
  "/api/v0/models",
  "/health/liveliness",
] as const;

/** Asked after the first answers: LiteLLM's `/health` runs every model, and few servers describe their API. */
export const LATER_PATHS = ["/health", "/openapi.json"] as const;

export type AskedPath = (typeof FIRST_PATHS)[number] | (typeof LATER_PATHS)[number];

/** The answer's status and body; or what went wrong below HTTP. */
export type Answer = { status: number; text: string } | { problem: string };

/** A path that was not asked is absent. */
export type Answers = { readonly [P in AskedPath]?: Answer };

/** The status of an answer; undefined where there is none. */
export function statusOf(answer: Answer | undefined): number | undefined {
  return answer !== undefined && "status" in answer ? answer.status : undefined;
}

/** The JSON of a good answer; undefined for anything else. */
export function jsonOf(answer: Answer | undefined): unknown {
  if (answer === undefined || "problem" in answer || answer.status !== 200) return undefined;
  try {
    return JSON.parse(answer.text) as unknown;
  } catch {
    return undefined;
  }
}

/** The JSON object of a good answer; empty for anything else. */
export function objectOf(answer: Answer | undefined): Record<string, unknown> {
  const value = jsonOf(answer);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : {};
}

/** The objects in a list; empty for any other value. */
export function objectsIn(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is Record<string, unknown> => typeof item === "object" && item !== null);
}

/** A text that is not empty, as one short line: servers say anything. */
export function textOf(value: unknown): string | undefined {
  return (typeof value === "string" && toShortLine(value)) || undefined;
}
