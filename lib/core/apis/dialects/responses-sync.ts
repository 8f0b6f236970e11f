// OpenAI responses with `stream: false`: https://platform.openai.com/docs/api-reference/responses/object.
import type { Dialect } from "../../request/dialect.ts";
import { responseUsage } from "./responses.ts";

export const responsesSync: Dialect = {
  name: "responses-sync",
  framing: "json",
  tokens: [
    { path: "output.*.content.*.text", kind: "content" },
    { path: "output.*.name", kind: "tool_call" },
  ],
  fields: {
    ...responseUsage(""),
    finishReason: { either: ["incomplete_details.reason", "status"] },
  },
  finishField: "finishReason",
  end: {},
  errors: ["error"],
  contentTypes: ["application/json"],
};
