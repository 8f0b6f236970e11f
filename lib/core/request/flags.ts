// Remarks on a request in addition to its verdict; a flag fails nothing. Not in scenario bundles.
import type { Facts } from "./facts.ts";
import { callsTools, isFiltered, isTruncated } from "./finish-reason.ts";
import { lacksText, toHiddenTokens, toNumber } from "./request-metrics.ts";
import type { Verdict } from "./verdict.ts";

export type Flag =
  | "truncated"
  | "no_usage"
  | "no_end_marker"
  | "no_finish_reason"
  | "open_choices"
  | "no_tokens"
  | "bad_usage"
  | "hidden_tokens"
  | "unseen_tokens"
  | "malformed_events"
  | "filtered"
  | "tool_calls"
  | "retried";

/**
 * The flags of a request; those on missing parts of an answer (usage, marker, tokens) are for complete ones only. A
 * document has neither marker nor token events; its finish reason shows whether it has tool calls.
 */
export function toFlags(facts: Facts, verdict: Verdict): Flag[] {
  const { completionTokens } = facts.fields;
  const isStream = !facts.document;
  const tokens = toNumber(completionTokens) ?? 0;
  const hidden = (isStream && toHiddenTokens(facts)) || 0;
  const complete = verdict === "complete";
  const flags: [Flag, boolean][] = [
    ["truncated", isTruncated(facts)],
    ["no_usage", complete && completionTokens === undefined && facts.badUsage === undefined],
    ["no_end_marker", complete && isStream && facts.ended !== "marker"],
    ["no_finish_reason", complete && facts.noFinishReason === true],
    ["open_choices", verdict === "cut" && facts.ended === "marker"],
    ["no_tokens", complete && (isStream ? facts.tokenEvents : facts.tokenBytes) === 0],
    ["hidden_tokens", hidden > 0.1 * tokens],
    ["unseen_tokens", complete && isStream && lacksText(facts, tokens - hidden)],
    ["bad_usage", facts.badUsage !== undefined],
    ["malformed_events", facts.malformedEvents > 0],
    ["filtered", isFiltered(facts)],
    ["tool_calls", facts.toolCallEvents > 0 || (!isStream && callsTools(facts))],
    ["retried", facts.retried],
  ];
  return flags.filter(([, applies]) => applies).map(([flag]) => flag);
}
