// A script in the style of llama.cpp's server bench, for the community extension's API: the events are parsed here.
import { check, sleep } from "k6";
import { SharedArray } from "k6/data";
import exec from "k6/execution";
import { Counter, Rate, Trend } from "k6/metrics";
import sse from "k6/x/sse";

const serverUrl = __ENV.SERVER_BENCH_URL || "http://localhost:8080/v1";
const maxTokens = Number(__ENV.SERVER_BENCH_MAX_TOKENS || 512);

const prompts = new SharedArray("prompts", () =>
  [
    "Tell a story about a lighthouse.",
    "How do glaciers carve a valley?",
    "Write a poem on morning rain.",
    "Why is the ocean salty at all?",
  ].map((prompt) => ({ prompt })),
);

const promptTokens = new Trend("llamacpp_prompt_tokens");
const completionTokens = new Trend("llamacpp_completion_tokens");
const tokensPerSecond = new Trend("llamacpp_tokens_second");
const promptProcessing = new Trend("llamacpp_prompt_processing_second");
const firstToken = new Trend("llamacpp_emit_first_token_second");
const promptTokensTotal = new Counter("llamacpp_prompt_tokens_total_counter");
const completionTokensTotal = new Counter("llamacpp_completion_tokens_total_counter");
const truncatedRate = new Rate("llamacpp_completions_truncated_rate");
const stopRate = new Rate("llamacpp_completions_stop_rate");
const events = new Counter("events");
const streamErrors = new Counter("stream_errors");

export const options = {
  thresholds: {
    llamacpp_completions_truncated_rate: [
      { threshold: "rate < 0.8", abortOnFail: true, delayAbortEval: "1m" },
    ],
    checks: ["rate == 1"],
  },
  vus: 2,
  iterations: 8,
};

export default function () {
  const { prompt } = prompts[exec.scenario.iterationInTest % prompts.length];
  const payload = {
    messages: [
      { role: "system", content: "You are ChatGPT, an AI assistant." },
      { role: "user", content: prompt },
    ],
    model: "my-model",
    stream: true,
    stream_options: { include_usage: true },
    seed: 42,
    max_tokens: maxTokens,
    stop: ["<|im_end|>"],
  };
  const params = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(payload),
  };

  const startTime = Date.now();
  let firstTokenTime = null;
  let finishReason = null;
  const response = sse.open(`${serverUrl}/chat/completions`, params, (client) => {
    client.on("event", (event) => {
      events.add(1);
      firstTokenTime = firstTokenTime ?? Date.now();
      if (event.data === "[DONE]" || event.data === "") return;
      const chunk = JSON.parse(event.data);
      if (chunk.choices?.[0]) finishReason = chunk.choices[0].finish_reason || finishReason;
      if (!chunk.usage) return;

      promptTokens.add(chunk.usage.prompt_tokens);
      promptTokensTotal.add(chunk.usage.prompt_tokens);
      completionTokens.add(chunk.usage.completion_tokens);
      completionTokensTotal.add(chunk.usage.completion_tokens);
      const seconds = (Date.now() - startTime) / 1e3;
      const promptSeconds = (firstTokenTime - startTime) / 1e3;
      if (promptSeconds > 0) promptProcessing.add(chunk.usage.prompt_tokens / promptSeconds);
      if (seconds > 0) tokensPerSecond.add(chunk.usage.total_tokens / seconds);
      firstToken.add(promptSeconds);
    });
    client.on("error", (error) => {
      console.log(`An unexpected error occurred: ${error.error()}`);
      streamErrors.add(1);
    });
  });

  check(response, { "success completion": (r) => r.status === 200 });
  truncatedRate.add(finishReason === "length");
  stopRate.add(finishReason === "stop");
  sleep(0.05);
}

export function handleSummary(data) {
  return { [__ENV.SERVER_BENCH_K6_SUMMARY]: JSON.stringify(data) };
}
