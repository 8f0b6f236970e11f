// OpenAI completions with `stream: false`: the whole answer in one JSON document.
import type { Dialect } from "../../request/dialect.ts";
import { completions } from "./completions.ts";

export const completionsSync: Dialect = {
  ...completions,
  name: "completions-sync",
  framing: "json",
  end: {},
  contentTypes: ["application/json"],
};
