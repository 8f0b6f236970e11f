import { describe, expect, it } from "vitest";
import { callsTools, isFiltered, isStopped, isTruncated } from "./finish-reason.ts";

describe("the reason for which an answer ended", () => {
  it.each([
    ["length", "truncated"],
    ["max_tokens", "truncated"],
    ["model_context_window_exceeded", "truncated"],
    ["max_output_tokens", "truncated"],
    ["limit", "truncated"],
    ["stop", "stopped"],
    ["end_turn", "stopped"],
    ["stop_sequence", "stopped"],
    ["completed", "stopped"],
    ["eos", "stopped"],
    ["word", "stopped"],
    ["eos_token", "stopped"],
    ["tool_calls", "tools"],
    ["tool_use", "tools"],
    ["content_filter", "filtered"],
    ["refusal", "filtered"],
    ["abort", undefined],
    [undefined, undefined],
  ])("%s: %s", (finishReason, meaning) => {
    const ended = { fields: finishReason === undefined ? {} : { finishReason } };
    expect({
      truncated: isTruncated(ended),
      stopped: isStopped(ended),
      tools: callsTools(ended),
      filtered: isFiltered(ended),
    }).toEqual({
      ...{ truncated: false, stopped: false, tools: false, filtered: false },
      ...(meaning !== undefined && { [meaning]: true }),
    });
  });
});
