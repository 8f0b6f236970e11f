// llama.cpp's own `/completion` with `stream: false`.
import type { Dialect } from "../../request/dialect.ts";
import { llamaCompletion } from "./llama-completion.ts";

export const llamaCompletionSync: Dialect = {
  ...llamaCompletion,
  name: "llama-completion-sync",
  framing: "json",
  end: {},
  contentTypes: ["application/json"],
};
