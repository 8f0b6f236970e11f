// What is worth knowing about a request beside its verdict; flags fail nothing. Not in scenario bundles.
import type { Facts } from "./facts.ts";
import type { Verdict } from "./verdict.ts";

export type Flag =
  | "truncated"
  | "no_usage"
  | "no_end_marker"
  | "no_tokens"
  | "malformed_events"
  | "filtered"
  | "tool_calls"
  | "retried";

/** The flags of a request; those on what a whole answer lacks (usage, marker, tokens) are for complete ones only. */
export function toFlags(facts: Facts, verdict: Verdict): Flag[] {
  const { finishReason, completionTokens } = facts.fields;
  const complete = verdict === "complete";
  const flags: [Flag, boolean][] = [
    ["truncated", finishReason === "length"],
    ["no_usage", complete && completionTokens === undefined],
    ["no_end_marker", complete && facts.ended !== "marker"],
    ["no_tokens", complete && facts.tokenEvents === 0],
    ["malformed_events", facts.malformedEvents > 0],
    ["filtered", finishReason === "content_filter"],
    ["tool_calls", facts.toolCallEvents > 0],
    ["retried", facts.retried],
  ];
  return flags.filter(([, applies]) => applies).map(([flag]) => flag);
}
