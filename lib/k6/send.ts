// One request of a client: a row becomes a body, its stream becomes facts, the facts become metrics.
import exec from "k6/execution";
import { createAborts } from "../core/abort.ts";
import { toBody } from "../core/body.ts";
import { createGiveUp } from "../core/give-up.ts";
import { toMessages } from "../core/messages.ts";
import type { Phase } from "../core/plans/phases.ts";
import { deriveMetrics } from "../core/request-metrics.ts";
import type { Row } from "../core/row.ts";
import { createAddMetrics } from "./metrics.ts";
import type { ClientSettings } from "./settings.ts";
import { stream } from "./stream.ts";

export interface Sending {
  row: Row;
  /** Of the request over the whole run, from 0. */
  index: number;
  phase: Phase;
  /** The client's number, from 1. */
  client: number;
  /** When it is due, in milliseconds of `sse.now()`; absent: at once. */
  sendAt?: number;
  /** The answer has exactly so many tokens, and no system prompt comes before the row's: a trace says both lengths. */
  outputTokens?: number;
  /** Further tags of its samples and its line; few values each. */
  tags?: Record<string, string>;
}

/** For the init context. The function that it returns blocks until the answer has ended. */
export function createSend({ url, load, samples }: ClientSettings): (sending: Sending) => void {
  const headers: Record<string, string> = { "Content-Type": "application/json", Accept: "text/event-stream" };
  if (load.apiKey !== undefined) headers.Authorization = `Bearer ${load.apiKey}`;
  const timeouts = {
    connect: load.connectTimeout,
    headers: load.headersTimeout,
    firstToken: load.firstTokenTimeout,
    idle: load.idleTimeout,
    total: load.totalTimeout,
  };
  const addMetrics = createAddMetrics(samples, load);
  const giveUp = createGiveUp(url);
  const abortOf = createAborts(load);
  const alone = { systemPrompt: "" };

  return ({ row, index, phase, client, sendAt, outputTokens, tags: more }) => {
    const messages = toMessages(row, outputTokens === undefined ? load : alone);
    const body = JSON.stringify(toBody(messages, load, outputTokens));
    const tags: Record<string, string> = { phase, ...(row.task && { task: row.task }), ...more };
    const labels = { row: row.id, client: String(client) };
    const due = sendAt === undefined ? {} : { sendAt };
    const params = { method: "POST", headers, body, tags, labels, timeouts, ...due, ...abortOf(index) };
    const streamed = stream(url, params, "chat-completions");
    if (streamed === undefined) return;
    const { facts, gapsMs } = streamed;
    addMetrics(deriveMetrics(facts), gapsMs, tags);
    const reason = giveUp(facts);
    if (reason !== undefined) exec.test.abort(reason);
  };
}
