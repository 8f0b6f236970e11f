// One iteration of a client: a row becomes a request, its stream becomes facts, the facts become metrics.
import { sleep } from "k6";
import exec from "k6/execution";
import { toBody } from "../core/body.ts";
import { chatCompletions } from "../core/dialects/chat-completions.ts";
import { createGiveUp } from "../core/give-up.ts";
import { toMessages } from "../core/messages.ts";
import type { LoadOptions } from "../core/options.ts";
import { pickRow } from "../core/pick-row.ts";
import { toRequestMetrics } from "../core/request-metrics.ts";
import type { Row } from "../core/row.ts";
import { apiUrl } from "../core/url.ts";
import { registerMetrics } from "./metrics.ts";
import { stream } from "./stream.ts";

/** The function that k6 runs again and again: a chat completion, then a pause. Made in the init context. */
export function createIteration(load: LoadOptions, rows: Row[]): () => void {
  const url = apiUrl(load.url, "/chat/completions");
  const headers: Record<string, string> = { "Content-Type": "application/json", Accept: "text/event-stream" };
  if (load.apiKey !== undefined) headers.Authorization = `Bearer ${load.apiKey}`;
  const timeouts = {
    connect: load.connectTimeout,
    headers: load.headersTimeout,
    firstToken: load.firstTokenTimeout,
    idle: load.idleTimeout,
    total: load.totalTimeout,
  };
  const addMetrics = registerMetrics({ openLoop: false });
  const giveUp = createGiveUp(url);
  let client: string | undefined;

  return () => {
    client ??= String(exec.vu.idInTest); // asking k6 costs 20 µs
    const row = pickRow(rows, exec.scenario.iterationInTest, load.seed);
    const body = JSON.stringify(toBody(toMessages(row, load), load));
    const tags: Record<string, string> = { phase: "measure", ...(row.task && { task: row.task }) };
    const labels = { row: row.id, client };
    const streamed = stream(url, { method: "POST", headers, body, tags, labels, timeouts }, chatCompletions);
    if (streamed === undefined) return;
    const { facts, gapsMs } = streamed;
    addMetrics(toRequestMetrics(facts), gapsMs, tags);
    const reason = giveUp(facts);
    if (reason !== undefined) exec.test.abort(reason);
    sleep(load.sleep);
  };
}
