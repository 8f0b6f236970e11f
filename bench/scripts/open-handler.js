// Reads the stream as llama.cpp's bench script does: a handler that parses each event, and a sample for each gap.

import { Counter, Trend } from "k6/metrics";
import sse from "k6/x/sse";

const gap = new Trend("gap", true);
const firstToken = new Trend("first_token", true);
const tokens = new Counter("tokens");

const body = JSON.stringify({
  model: "null",
  messages: [
    { role: "system", content: "You are a helpful assistant." },
    { role: "user", content: "Count." },
  ],
  stream: true,
  stream_options: { include_usage: true },
  max_tokens: 512,
});

export default function () {
  const start = Date.now();
  let last;
  const params = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  const response = sse.open(`${__ENV.SERVER_BENCH_URL}/chat/completions`, params, (client) => {
    client.on("event", (event) => {
      if (event.data === "" || event.data === "[DONE]") return;
      const chunk = JSON.parse(event.data);
      if (chunk.usage) tokens.add(chunk.usage.completion_tokens);
      if (!chunk.choices[0]?.delta.content) return;
      const now = Date.now();
      if (last === undefined) firstToken.add(now - start);
      else gap.add(now - last);
      last = now;
    });
    client.on("error", (error) => {
      throw new Error(error.error());
    });
  });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
}
