import { describe, expect, it } from "vitest";
import { bodyOf } from "../../../test/unit-support/body-of.ts";
import type { ApiBody } from "./api-body.ts";
import { apiOf, ENDPOINTS, type Endpoint } from "./apis.ts";
import { type BodyOptions, toBody, toBodyFields } from "./body.ts";
import { toBodyEdits } from "./body-edits.ts";
import { editBody } from "./edit-body.ts";

const OPENAI: ApiBody = { toFields: toBodyFields, toBody };

async function bodiesOf(endpoint: Endpoint): Promise<ApiBody> {
  if (apiOf(endpoint).body === "openai") return OPENAI;
  return ((await import(`./${endpoint}/body.ts`)) as { body: ApiBody }).body;
}

/** The body as it is sent. */
async function sent(endpoint: Endpoint, options: Partial<BodyOptions>, row = {}) {
  const body = bodyOf(endpoint, await bodiesOf(endpoint), { options, row });
  return editBody(body, toBodyEdits({ ...options, endpoint }));
}

const AT_GRPC = (endpoint: Endpoint) => apiOf(endpoint).grpc === true;

describe("the longest answer has another name", () => {
  it.each(ENDPOINTS.filter((endpoint) => !AT_GRPC(endpoint)))("in a body of %s", async (endpoint) => {
    const plain = JSON.stringify(await sent(endpoint, {}));
    const renamed = JSON.stringify(await sent(endpoint, { maxTokensField: "most_tokens" }));
    const own = apiOf(endpoint).lengthField.split(".").at(-1);
    expect(plain).toContain(`"${own}":64`);
    expect(renamed).toContain('"most_tokens":64');
    expect(renamed).not.toContain(`"${own}"`);
  });

  it("also in one of a row with its own", async () => {
    expect(await sent("chat", { maxTokensField: "max_completion_tokens" }, { maxTokens: 5 })).toMatchObject({
      max_completion_tokens: 5,
    });
  });
});

describe("any field", () => {
  it("can be left out, one by one or in a list", async () => {
    const body = await sent("chat", { omit: ["seed, stream_options", "max_tokens"] });
    expect(Object.keys(body).sort()).toEqual(["messages", "model", "stream"]);
  });

  it("can be left out inside an object, which stays", async () => {
    expect(await sent("ollama", { omit: ["options.seed"] })).toMatchObject({ options: { num_predict: 64 } });
    expect(await sent("ollama", { omit: ["options.seed"] })).not.toHaveProperty("options.seed");
  });

  it("can have another name", async () => {
    const body = await sent("chat", { renameField: ["seed=random_seed", "messages=turns"] });
    expect(body).toMatchObject({ random_seed: 42, turns: expect.any(Array) });
    expect(body).not.toHaveProperty("seed");
    expect(body).not.toHaveProperty("messages");
  });

  it("can be left out of a row, too", async () => {
    const row = { body: { tool_choice: "auto" } };
    expect(await sent("chat", {}, row)).toHaveProperty("tool_choice");
    expect(await sent("chat", { omit: ["tool_choice"] }, row)).not.toHaveProperty("tool_choice");
  });

  it("that no body has is no error", async () => {
    expect(await sent("chat", { omit: ["nothing.here", "model.name"] })).toEqual(await sent("chat", {}));
  });

  it("renamed is still sent where its old name is left out", async () => {
    const body = await sent("chat", { maxTokensField: "max_completion_tokens", omit: ["max_tokens"] });
    expect(body).toMatchObject({ max_completion_tokens: 64 });
  });
});

describe("null in further fields", () => {
  it("leaves the field out, whoever makes it", async () => {
    const body = await sent("chat", { extraBody: '{"seed":null,"max_tokens":null,"user":"x"}' });
    expect(Object.keys(body).sort()).toEqual(["messages", "model", "stream", "stream_options", "user"]);
  });

  it("does so inside the API's object of options, and is a value anywhere else", async () => {
    const extraBody = '{"parameters":{"details":null},"schema":{"default":null}}';
    const body = await sent("generate-stream", { extraBody });
    expect(body).toMatchObject({ schema: { default: null }, parameters: { seed: 42 } });
    expect(body).not.toHaveProperty("parameters.details");
  });
});

describe("what cannot be changed is refused", () => {
  const rows: [string, Partial<BodyOptions>, RegExp][] = [
    ["the prompt left out", { omit: ["messages"] }, /`--omit`.*asks nothing.*`--rename-field messages=NAME`/],
    ["a stream without its field", { omit: ["stream"] }, /no answer is streamed\. Add `--mode sync`/],
    ["no name", { omit: ["seed,"] }, /expected the name of a field such as `seed`, got ``/],
    ["half a rename", { renameField: ["seed"] }, /expected `old=new`.*got `seed`/],
    [
      "a rename into another object",
      { renameField: ["seed=a.b"] },
      /expected `old=new` with the new name alone/,
    ],
    ["a name with a space", { maxTokensField: "max tokens" }, /expected the name of a field/],
    ["a name with the object around it", { maxTokensField: "options.n" }, /without the object around it/],
  ];
  it.each(rows)("%s", (_, options, message) => {
    expect(() => toBodyEdits({ ...options, endpoint: "chat" })).toThrow(message);
  });

  it("but whole answers need no `stream`", () => {
    expect(toBodyEdits({ omit: ["stream"], mode: "sync", endpoint: "chat" })).toEqual([{ path: ["stream"] }]);
  });
});
