import { describe, expect, it } from "vitest";
import { FORMATS, toDatasetRow } from "../formats.ts";

const limits = { maxPromptTokens: 1024, maxContext: 2048 };
const known = { format: "messages", layout: FORMATS.messages.layout } as const;
const read = (value: unknown, form = {}) => toDatasetRow(known, value, 3, { ...limits, ...form });
const five = { maxTurns: 5, keepAnswers: true };

const user = (content: unknown) => ({ role: "user", content });
const assistant = (content: unknown) => ({ role: "assistant", content });
const text = (value: string) => ({ type: "text", text: value });
const image = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } };
const call = { role: "assistant", content: null, tool_calls: [{ id: "c1" }] };
const result = { role: "tool", tool_call_id: "c1", content: "8 degrees" };
const [ASKED, ANSWERED] = ["how is the weather today", "it is as cold as ever"];
const AGAIN = "and how about tomorrow then";
const turn = { prompt: ASKED, answer: ANSWERED, answerTokens: 6 };

describe("a log of messages", () => {
  it("is continued: its last user message is the prompt", () => {
    const log = [assistant("Hello!"), user(ASKED), call, result, assistant(ANSWERED), user(AGAIN)];
    const row = { id: "messages-3", prompt: AGAIN, before: log.slice(0, -1) };
    expect(read({ messages: log })).toEqual(row);
    expect(read({ messages: log }, five)).toEqual(row);
  });

  it("is a conversation if user and assistant take turns, and more than one turn is requested", () => {
    const log = [
      { role: "developer", content: [text("Be"), text("brief.")] },
      assistant("Hello!"),
      ...[user(ASKED), assistant(ANSWERED), user([text(AGAIN)]), assistant(ANSWERED), user("thanks")],
    ];
    expect(read({ messages: log }, five)).toEqual({
      id: "messages-3",
      system: "Be\nbrief.",
      before: [assistant("Hello!")],
      ...turn,
      turns: [{ ...turn, prompt: AGAIN }, { prompt: "thanks" }],
    });
  });

  it.each([
    ["two consecutive user messages", [user(ASKED), user(AGAIN)]],
    ["an image in a later turn", [user(ASKED), assistant(ANSWERED), user([text(AGAIN), image])]],
    ["an image before", [user([text(ASKED), image]), assistant(ANSWERED), assistant("x"), user(AGAIN)]],
    ["another system message", [user(ASKED), { role: "system", content: "x" }, user(AGAIN)]],
  ])("with %s is one turn", (_, log) => {
    expect(read({ messages: log }, five)).toMatchObject({ prompt: AGAIN, before: log.slice(0, -1) });
  });

  it("may have an image in its first turn", () => {
    const content = [text("what is this"), image];
    expect(read({ messages: [user(content), assistant(ANSWERED), user(AGAIN)] }, five)).toEqual({
      id: "messages-3",
      content,
      ...{ ...turn, prompt: "what is this" },
      turns: [{ prompt: AGAIN }],
    });
  });

  it("may have an image of 10 MB in it", () => {
    const large = { type: "image_url", image_url: { url: `data:image/png;base64,${"A".repeat(10 << 20)}` } };
    expect(read({ messages: [user([text("what is this"), large])] })).toMatchObject({
      content: [text("what is this"), large],
    });
  });

  it.each([
    ["nothing", [], "noUser"],
    ["the assistant only", [assistant("Hello!")], "noUser"],
    ["an empty user message", [user("")], "shortPrompt"],
    ["a user message with no parts", [user([])], "shortPrompt"],
  ])("is left out where it has %s", (_, messages, rule) => {
    expect(read({ messages })).toBe(rule);
  });

  it("is left out for base models if it has an image", () => {
    expect(read({ messages: [user([text(ASKED), image])] }, { style: "plain" })).toBe("image");
  });

  it.each([
    ["null", user(null), "of message 1 to be a text or a list of parts (`text`, `image_url`), got null"],
    ["nothing", { role: "user" }, "got nothing"],
    ["a number", user(4), "got 4"],
    ["a text without text", user([{ type: "text" }]), "got a part of another form"],
    ["an image without a URL", user([{ type: "image_url", image_url: null }]), "got a part of another form"],
    ["a part that is nothing", user([null]), "got a part of another form"],
  ])("is refused where the content of a message is %s", (_, message, got) => {
    expect(() => read({ messages: [message] })).toThrow("row 3: expected the `content`");
    expect(() => read({ messages: [message] })).toThrow(got);
  });

  it("is refused if an assistant message before the prompt has neither text nor calls", () => {
    const messages = [user(ASKED), assistant(null), user(AGAIN)];
    expect(() => read({ messages })).toThrow("row 3: expected the `content` of message 2");
    expect(() => read({ messages }, five)).toThrow("row 3: expected the `content` of message 2");
  });
});

describe("fields besides the messages", () => {
  const messages = [user(ASKED)];
  const row = { id: "messages-3", prompt: ASKED };
  const tools = [{ type: "function", function: { name: "weather" } }];

  it.each([
    ["a limit of tokens", { max_tokens: 64 }, { maxTokens: 64 }],
    ["the newer limit, which counts", { max_tokens: 64, max_completion_tokens: 32 }, { maxTokens: 32 }],
    ["no limits", { max_tokens: null, max_completion_tokens: null }, {}],
    ["tools", { tools, tool_choice: "auto" }, { body: { tools, tool_choice: "auto" } }],
    ["tools as a text of JSON", { tools: JSON.stringify(tools) }, { body: { tools } }],
    ["no tools", { tools: [], tool_choice: null }, {}],
    ["sampling, which is the run's", { temperature: 0.2, seed: 4, model: "m", stream: true }, {}],
  ])("may be %s", (_, fields, expected) => {
    expect(read({ messages, ...fields })).toEqual({ ...row, ...expected });
  });

  it.each([
    [{ max_tokens: 0 }, "row 3: expected `max_tokens` to be a whole number above 0, got 0"],
    [{ max_tokens: "64" }, 'row 3: expected `max_tokens` to be a whole number above 0, got "64"'],
    [{ max_completion_tokens: 1.5 }, "row 3: expected `max_completion_tokens` to be a whole number above 0"],
    [{ tools: "weather" }, 'row 3: expected `tools` to be a list of objects, got "weather"'],
    [{ tool_choice: 1 }, "row 3: expected `tool_choice` to be a text or an object, got 1"],
    [{ parallel_tool_calls: "no" }, "row 3: expected `parallel_tool_calls` to be `true` or `false`"],
    [{ response_format: "json" }, 'row 3: expected `response_format` to be an object, got "json"'],
  ])("is refused where it is %j", (fields, message) => {
    expect(() => read({ messages, ...fields })).toThrow(message);
  });

  it("may be a whole line of a batch file", () => {
    const line = { custom_id: "r1", method: "POST", url: "/v1/chat/completions" };
    expect(read({ ...line, body: { messages, max_tokens: 9 } })).toEqual({ ...row, maxTokens: 9 });
    expect(() => read({ ...line, body: { input: "x" } })).toThrow("row 3 is not in the format `messages`");
  });
});
