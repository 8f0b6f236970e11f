// The derived values of a request as columns; the compiler sees to it that none of RequestDetails is missing.
import { METRIC_DOCS } from "../../../lib/core/request/metric-docs.ts";
import type { RequestDetails } from "../../../lib/core/request/request-details.ts";
import type { Unit } from "../../../lib/core/units.ts";

export interface DerivedColumn {
  name: string;
  type: "integer" | "double" | "boolean";
  unit: Unit | "";
  meaning: string;
}

/** `aborted` is a verdict, and has no column of its own; `good` is of a run with objectives, not of a request by itself. */
type DerivedKey = Exclude<keyof RequestDetails, "verdict" | "flags" | "aborted" | "good">;

const ms = (name: string, meaning: string): DerivedColumn => ({ name, type: "double", unit: "ms", meaning });
const rate = (name: string, meaning: string): DerivedColumn => ({
  name,
  type: "double",
  unit: "tokens/s",
  meaning,
});
const tokens = (name: string, meaning: string): DerivedColumn => ({
  name,
  type: "integer",
  unit: "tokens",
  meaning,
});
const ratio = (name: string, meaning: string): DerivedColumn => ({
  name,
  type: "double",
  unit: "ratio",
  meaning,
});
const yes = (name: string, meaning: string): DerivedColumn => ({ name, type: "boolean", unit: "", meaning });
const { formula: ttft } = METRIC_DOCS.ttft;

export const DERIVED_COLUMNS = {
  ttftMs: ms("ttft_ms", ttft),
  ttfoMs: ms("ttfo_ms", METRIC_DOCS.ttfo.formula),
  headersMs: ms("headers_ms", METRIC_DOCS.headers.formula),
  connectMs: ms("connect_ms", METRIC_DOCS.connect.formula),
  ttftWithConnectMs: ms("ttft_with_connect_ms", METRIC_DOCS.ttftWithConnect.formula),
  scheduleDelayMs: ms("schedule_delay_ms", METRIC_DOCS.scheduleDelay.formula),
  scheduledTtftMs: ms("scheduled_ttft_ms", METRIC_DOCS.scheduledTtft.formula),
  sendDelayMs: ms("send_delay_ms", "sent − due: how late the client let it go"),
  tpotMs: ms("tpot_ms", METRIC_DOCS.tpot.formula),
  e2eMs: ms("e2e_ms", METRIC_DOCS.e2e.formula),
  promptTokens: tokens("prompt_tokens", METRIC_DOCS.promptTokens.formula),
  cachedTokens: tokens("cached_tokens", METRIC_DOCS.cachedTokens.formula),
  completionTokens: tokens("completion_tokens", METRIC_DOCS.completionTokens.formula),
  completionEstimated: yes("completion_estimated", "`completion_tokens` is the number of token events"),
  totalTokens: tokens("total_tokens", "`usage.total_tokens`, else prompt + completion"),
  inputTokens: tokens("input_tokens", METRIC_DOCS.inputTokens.formula),
  tokensPerSecond: rate("tokens_per_second", METRIC_DOCS.tokensPerSecond.formula),
  generationTokensPerSecond: rate(
    "generation_tokens_per_second",
    METRIC_DOCS.generationTokensPerSecond.formula,
  ),
  tokensPerSecondPerUser: rate("tokens_per_second_per_user", METRIC_DOCS.tokensPerSecondPerUser.formula),
  promptTokensPerSecond: rate("prompt_tokens_per_second", METRIC_DOCS.promptTokensPerSecond.formula),
  uncachedPromptTokensPerSecond: rate(
    "uncached_prompt_tokens_per_second",
    METRIC_DOCS.uncachedPromptTokensPerSecond.formula,
  ),
  serverPromptTokensPerSecond: rate(
    "server_prompt_tokens_per_second",
    METRIC_DOCS.serverPromptTokensPerSecond.formula,
  ),
  serverPredictedTokensPerSecond: rate(
    "server_predicted_tokens_per_second",
    METRIC_DOCS.serverPredictedTokensPerSecond.formula,
  ),
  tokensPerEvent: ratio("tokens_per_event", METRIC_DOCS.tokensPerEvent.formula),
  readsPerEvent: ratio("reads_per_event", METRIC_DOCS.readsPerEvent.formula),
  truncated: yes("truncated", "finish reason `length`; of complete requests"),
  stopped: yes("stopped", "finish reason `stop`; of complete requests"),
} as const satisfies Record<DerivedKey, DerivedColumn>;
