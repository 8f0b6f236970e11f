import { expect, it } from "vitest";
import { serverWords } from "./server-words.ts";

it.each([
  ["OpenAI's form", '{"error":{"message":"No connected db.","code":"400"}}', "No connected db."],
  ["a text as the error", '{"error":"model is required"}', "model is required"],
  [
    "a message at the top",
    '{"object":"error","message":"The model `x`\\n does not exist."}',
    "The model `x` does not exist.",
  ],
  ["FastAPI's detail", '{"detail":"Not Found"}', "Not Found"],
  ["FastAPI's list", '{"detail":[{"loc":["body"],"msg":"Field required"}]}', "Field required"],
  ["plain text", "upstream\nis down", "upstream is down"],
  ["a page", "<html>502</html>", undefined],
  ["nothing", " ", undefined],
  ["other JSON", '{"error":{},"message":7,"detail":[null]}', undefined],
  ["much of it", "x".repeat(500), `${"x".repeat(200)}…`],
])("the words of %s", (_, body, words) => {
  expect(serverWords(body)).toBe(words);
});
