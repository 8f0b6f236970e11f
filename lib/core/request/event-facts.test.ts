import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DIALECTS, type DialectName } from "../apis/apis.ts";
import { chat } from "../apis/chat/api.ts";
import type { Dialect } from "./dialect.ts";
import { createEventCollector } from "./event-facts.ts";
import { valuesAt } from "./paths.ts";

interface Vector {
  name: string;
  dialect: DialectName;
  chunks: { text: string }[];
  close?: { how: string };
  facts: Record<string, unknown>;
}

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
function collect(events: string[], dialect: Dialect = chat.dialect) {
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

  it("distinguishes reasoning and tool calls from content", () => {
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

  it("omits values that are null", () => {
    expect(collect([delta({ content: "a" }, { usage: null })]).facts.fields).toEqual({});
  });

  it("counts growth as tokens in a cumulative dialect, and supports sums of paths and predicates", () => {
    const { facts, ends } = collect(
      [
        '{"type":"text","text":"a"}',
        '{"type":"text","text":"a"}',
        '{"type":"text","text":"ab"}',
        '{"type":"ping","text":"abc"}',
        '{"type":"end","in":2,"cached":3}',
      ],
      {
        ...chat.dialect,
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

describe("the text", () => {
  const textOf = (events: string[], dialect: Dialect = chat.dialect): string | undefined => {
    const { facts, add } = createEventCollector(dialect, 0, true);
    for (const event of events) add(event, "", 1);
    return facts.text;
  };

  it("is the content, without reasoning and tool calls", () => {
    expect(
      textOf([
        delta({ reasoning_content: "Hm" }),
        delta({ content: "Zo" }),
        delta({ tool_calls: [{ function: { name: "f" } }] }),
        delta({ content: "ë" }),
      ]),
    ).toBe("Zoë");
  });

  it("is empty if there is none, and absent if it was not requested", () => {
    expect(textOf([delta({ role: "assistant" })])).toBe("");
    expect(createEventCollector(chat.dialect, 0).facts).not.toHaveProperty("text");
  });

  it("is the last one of a cumulative dialect", () => {
    const tokens: Dialect["tokens"] = [{ path: "text", kind: "content" }];
    expect(textOf(['{"text":"a"}', '{"text":"ab"}'], { ...chat.dialect, tokens, cumulative: true })).toBe(
      "ab",
    );
  });
});

describe("the values of several places", () => {
  const events = [
    '{"type":"start","status":"running","x":{"a":1,"b":2}}',
    '{"type":"end","status":"done","a":4}',
  ];
  it.each([
    ["numbers of one group are summed over events", [{ path: "a", when: { path: "type" } }, "x.a", "x.b"], 7],
    ["an earlier group takes precedence", { either: [["a"], ["x.a", "x.b"]] }, 4],
    ["a later one if the others have nothing", { either: ["no", ["x.a", "x.b"]] }, 3],
    ["a predicate", { path: "status", when: { path: "type", equals: "start" } }, "running"],
    [
      "a predicate that no event satisfies",
      { path: "status", when: { path: "type", equals: true } },
      undefined,
    ],
  ] as [string, Dialect["fields"][string], unknown][])("%s", (_, rule, want) => {
    expect(collect(events, { ...chat.dialect, fields: { n: rule } }).facts.fields.n).toBe(want);
  });

  it("ends at any of several predicates, true and false among them", () => {
    const end = {
      when: [
        { path: "done", equals: true },
        { path: "open", equals: false },
      ],
    };
    const ends = (event: string) => collect([event], { ...chat.dialect, end }).ends;
    expect([ends('{"done":true}'), ends('{"open":false}'), ends('{"done":"true"}')]).toEqual([
      [true],
      [true],
      [false],
    ]);
  });
});

describe("a stream", () => {
  const folder = new URL("../../../test/golden/", import.meta.url);
  const vectors = readdirSync(folder)
    .filter((file) => file.startsWith("transcript-"))
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Vector)
    .filter(({ dialect }) => DIALECTS[dialect].framing === "sse");

  it.each(vectors)("gives the facts of the transcript: $name", ({ dialect, chunks, facts: want }) => {
    const { facts, add, addError, finish } = createEventCollector(DIALECTS[dialect], 0);
    const blocks = chunks.flatMap(({ text }) => text.split("\n\n")).filter((block) => block !== "");
    for (const block of blocks) {
      const lines = block.split("\n");
      const lineOf = (key: string) => lines.find((line) => line.startsWith(`${key}:`))?.slice(key.length + 1);
      const error = lineOf("error");
      if (error !== undefined) addError(error.trim());
      if (add(lineOf("data") ?? "", lineOf("event")?.trim() ?? "", 5)) break;
    }
    finish();
    const { fields, inBandError, tokenEvents, contentEvents, reasoningEvents, toolCallEvents } = facts;
    const { openChoices, noFinishReason, badUsage, unread, events } = facts;
    const got = {
      ...{ fields, inBandError, tokenEvents, contentEvents, reasoningEvents, toolCallEvents },
      ...{ openChoices, noFinishReason, unread, events },
    };
    expect(badUsage !== undefined).toBe(want.badUsage !== undefined);
    expect(got).toEqual(Object.fromEntries(Object.keys(got).map((key) => [key, want[key]])));
    expect(facts.ended === "marker").toBe(want.ended === "marker");
  });
});

describe("a field `error` of the event stream", () => {
  const collectError = (error: string, data: string, name = "") => {
    const { facts, add, addError, finish } = createEventCollector(chat.dialect, 0);
    addError(error);
    add(data, name, 5);
    finish();
    return { inBandError: facts.inBandError, events: facts.events, tokenEvents: facts.tokenEvents };
  };
  it.each([
    ["is an error", '{"code":500}', "", "", { inBandError: '{"code":500}', events: 1, tokenEvents: 0 }],
    ["says nothing", "{}", "", "", { inBandError: undefined, events: 1, tokenEvents: 0 }],
    [
      "takes its event's token away",
      "x",
      delta({ content: "a" }),
      "",
      { inBandError: "x", events: 1, tokenEvents: 0 },
    ],
    [
      "is not overruled by the event's name",
      "x",
      "y",
      "error",
      { inBandError: "x", events: 1, tokenEvents: 0 },
    ],
    [
      "leaves an empty one to the event's name",
      "null",
      "y",
      "error",
      { inBandError: "y", events: 1, tokenEvents: 0 },
    ],
  ])("%s", (_, error, data, name, want) => {
    expect(collectError(error, data, name)).toEqual(want);
  });

  it("counts where the stream ends behind it", () => {
    const { facts, addError, finish } = createEventCollector(chat.dialect, 0);
    addError("out of memory");
    finish();
    expect(facts).toMatchObject({ inBandError: "out of memory", events: 1 });
  });
});

describe("a document", () => {
  const folder = new URL("../../../test/golden/", import.meta.url);
  const vectors = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Vector)
    .filter(({ dialect, close }) => DIALECTS[dialect].framing === "json" && close?.how === "eof");

  it.each(vectors)("gives the facts of the golden vector: $name", ({ dialect, chunks, facts: want }) => {
    const { facts, addDocument } = createEventCollector(DIALECTS[dialect], 0);
    addDocument(chunks.map(({ text }) => text).join(""), 5);
    const { fields, ended, events, inBandError, body, tokenEvents, document, malformedEvents, unread } =
      facts;
    const got = { fields, ended, events, tokenEvents, document, malformedEvents, inBandError, body, unread };
    expect(got).toEqual(Object.fromEntries(Object.keys(got).map((key) => [key, want[key]])));
    expect(facts).not.toHaveProperty("firstTokenMs");
    expect(facts.endMs).toBe(5);
  });

  it("has the text of its content", () => {
    const { facts, addDocument } = createEventCollector(DIALECTS["chat-completions-sync"], 0, true);
    const message = { content: "Zoë", reasoning_content: "Hm" };
    addDocument(JSON.stringify({ choices: [{ message, finish_reason: "stop" }] }), 5);
    expect(facts.text).toBe("Zoë");
  });
});
