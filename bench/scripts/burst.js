// All clients send at the same moment, twice: what the reader does in a burst, without the scenario's own work between.
import exec from "k6/execution";
import sse from "k6/x/sse";

sse.configure({ journal: __ENV.SERVER_BENCH_JOURNAL });

const streams = Number(__ENV.STREAMS);

export const options = {
  scenarios: {
    burst: { executor: "per-vu-iterations", vus: streams, iterations: 2, maxDuration: "2m" },
  },
};

const dialect = {
  name: "chat-completions",
  framing: "sse",
  tokens: [{ path: "choices.*.delta.content", kind: "content" }],
  fields: { serverPromptTokens: "timings.prompt_n", finishReason: "choices.*.finish_reason" },
  finishField: "finishReason",
  end: { data: "[DONE]" },
  errors: ["error"],
  contentTypes: ["text/event-stream"],
};

const body = JSON.stringify({
  model: "null",
  messages: [{ role: "user", content: "Count." }],
  stream: true,
  stream_options: { include_usage: true },
});

/** Time enough for every client to get ready. */
export function setup() {
  return sse.now() + 1000 + streams;
}

export default function (firstMs) {
  const sendAt = firstMs + exec.vu.iterationInInstance * 4000;
  const headers = { "Content-Type": "application/json" };
  const facts = sse.record(
    `${__ENV.SERVER_BENCH_URL}/chat/completions`,
    { method: "POST", headers, body, sendAt, timeouts: { total: 60 } },
    dialect,
  );
  if (facts !== null && facts.ended !== "marker") throw new Error(JSON.stringify(facts));
}
