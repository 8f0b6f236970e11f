// The messages of ppl.llm.serving (https://github.com/openppl-public/ppl.llm.serving) over gRPC, as k6 hands them over: objects.
//
// The extension does not read them: lib/k6/ppl/ppl.ts does, at k6's precision.
import type { Dialect } from "../../request/dialect.ts";

export const ppl: Dialect = {
  name: "ppl",
  framing: "ndjson",
  tokens: [{ path: "rsp.0.generated", kind: "content" }],
  fields: {
    // Before the end it has one, too: the first of its enum.
    finishReason: { path: "rsp.0.detail.finishReason", when: { path: "rsp.0.status", equals: "FINISHED" } },
  },
  finishField: "finishReason",
  end: { when: { path: "rsp.0.status", equals: "FINISHED" } },
  errors: [],
  contentTypes: [],
};
