// `Generation` of ppl.llm.serving (https://github.com/openppl-public/ppl.llm.serving) over gRPC.
import type { Dialect } from "../../request/dialect.ts";
import { type Api, PLAIN } from "../api.ts";
import { sharedRules } from "../shared-rules.ts";

/** For the messages as k6 passes them on, objects. lib/k6/ppl/ppl.ts reads them, at k6's precision; the extension does not. */
export const pplDialect = {
  name: "ppl",
  framing: "ndjson",
  tokens: [{ path: "rsp.0.generated", kind: "content" }],
  fields: {
    // It is set before the end, too: to the first value of its enum.
    finishReason: { path: "rsp.0.detail.finishReason", when: { path: "rsp.0.status", equals: "FINISHED" } },
  },
  finishField: "finishReason",
  end: { when: { path: "rsp.0.status", equals: "FINISHED" } },
  errors: [],
  ...sharedRules,
  contentTypes: [],
} as const satisfies Dialect;

export const ppl = {
  servers: "ppl.llm.serving, by gRPC",
  path: "/ppl.llm.proto.LLMService/Generation",
  input: "text",
  lengthField: "req.0.stopping_parameters.max_new_tokens",
  dialect: pplDialect,
  auth: "bearer",
  lacks: [...PLAIN, "minP", "stop", "cachePrompt"],
  exactLength: true,
  grpc: true,
} as const satisfies Api;
