import { describe, expect, it } from "vitest";
import type { Dialect } from "./dialect.ts";
import { chatCompletions } from "./dialects/chat-completions.ts";
import { createEventCollector, valuesAt } from "./event-facts.ts";

describe("valuesAt", () => {
  const event = { choices: [{ delta: { content: "a" } }, { delta: { content: "b" } }], usage: null };
  it.each([
    ["choices.0.delta.content", ["a"]],
    ["choices.*.delta.content", ["a", "b"]],
    ["choices.2.delta.content", []],
    ["usage.prompt_tokens", []],
    ["usage.*", []],
  ])("%s", (path, values) => {
    expect(valuesAt(event, path)).toEqual(values);
  });
});

const delta = (fields: object, more: object = {}) =>
  JSON.stringify({ choices: [{ delta: fields }], ...more });

/** Feeds events, one every 10 ms from 110 ms on. */
function collect(events: string[], dialect: Dialect = chatCompletions) {
  const collector = createEventCollector(dialect, 100);
  const ends = events.map((data, index) => collector.add(data, "", 110 + index * 10));
  return { ...collector, ends };
}

describe("createEventCollector", () => {
  it("counts tokens, not the role, pings or empty deltas, and ends at the marker", () => {
    const { facts, gapsMs, ends } = collect([
      delta({ role: "assistant", content: null }),
      "",
      delta({ content: "" }),
      delta({ content: "Hello" }),
      delta({ content: " there" }),
      JSON.stringify({ choices: [{ delta: {}, finish_reason: "stop" }] }),
      JSON.stringify({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } }),
      "[DONE]\r",
    ]);
    expect(facts).toMatchObject({
      tokenEvents: 2,
      contentEvents: 2,
      firstTokenMs: 140,
      firstContentMs: 140,
      lastTokenMs: 150,
      endMs: 180,
      ended: "marker",
      events: 7,
      malformedEvents: 0,
      fields: { finishReason: "stop", promptTokens: 5, completionTokens: 2, totalTokens: 7 },
    });
    expect(gapsMs).toEqual([10]);
    expect(ends).toEqual([false, false, false, false, false, false, false, true]);
  });

  it("tells reasoning and tool calls from content", () => {
    const { facts } = collect([
      delta({ reasoning_content: "Hm" }),
      delta({ tool_calls: [{ function: { name: "f", arguments: "" } }] }),
      delta({ content: "Hi" }),
    ]);
    expect(facts).toMatchObject({
      tokenEvents: 3,
      reasoningEvents: 1,
      toolCallEvents: 1,
      contentEvents: 1,
      firstTokenMs: 110,
      firstContentMs: 130,
      ended: "eof",
    });
  });

  it("keeps an error of the server and goes on after a malformed event", () => {
    const { facts } = collect(['{"choices":[{"del', '{"error":{"message":"out of memory"}}']);
    expect(facts).toMatchObject({
      malformedEvents: 1,
      inBandError: '{"message":"out of memory"}',
      tokenEvents: 0,
    });
  });

  it("leaves out values that are null", () => {
    expect(collect([delta({ content: "a" }, { usage: null })]).facts.fields).toEqual({});
  });

  it("takes growth for tokens in a cumulative dialect, sums of paths, and predicates", () => {
    const { facts, ends } = collect(
      [
        '{"type":"text","text":"a"}',
        '{"type":"text","text":"a"}',
        '{"type":"text","text":"ab"}',
        '{"type":"ping","text":"abc"}',
        '{"type":"end","in":2,"cached":3}',
      ],
      {
        ...chatCompletions,
        tokens: [{ path: "text", kind: "content", when: { path: "type", equals: "text" } }],
        cumulative: true,
        fields: { promptTokens: ["in", "cached"] },
        end: { when: { path: "type", equals: "end" } },
      },
    );
    expect(facts).toMatchObject({ tokenEvents: 2, fields: { promptTokens: 5 }, ended: "marker" });
    expect(ends.at(-1)).toBe(true);
  });
});
