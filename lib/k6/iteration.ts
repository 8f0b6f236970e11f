// One iteration of a client: a row becomes a request, its stream becomes facts, the facts become metrics.
import { sleep } from "k6";
import exec from "k6/execution";
import sse from "k6/x/sse";
import { createAborts } from "../core/abort.ts";
import { toBody } from "../core/body.ts";
import { createGiveUp } from "../core/give-up.ts";
import { toMessages } from "../core/messages.ts";
import { pickRow } from "../core/pick-row.ts";
import { deriveMetrics } from "../core/request-metrics.ts";
import { createAddMetrics } from "./metrics.ts";
import type { Scenario } from "./scenario.ts";
import { stream } from "./stream.ts";

/** The function that k6 runs again and again: a chat completion, then a pause. Made in the init context. */
export function createIteration({ url, load, warmUrl, samples, rows }: Scenario): () => void {
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
  // What is looked up in a module of k6 is made anew each time: 5 µs and a kilobyte or two.
  const { enter, leave } = sse;
  const pause = sleep;
  let scenario: typeof exec.scenario;
  let client: string | undefined;

  return () => {
    if (client === undefined) {
      client = String(exec.vu.idInTest);
      scenario = exec.scenario;
      if (warmUrl !== undefined) sse.connect?.(warmUrl, exec.instance.vusInitialized);
    }
    enter?.();
    const iteration = scenario.iterationInTest;
    const row = pickRow(rows, iteration, load.seed);
    const body = JSON.stringify(toBody(toMessages(row, load), load));
    const tags: Record<string, string> = { phase: "measure", ...(row.task && { task: row.task }) };
    const labels = { row: row.id, client };
    const params = { method: "POST", headers, body, tags, labels, timeouts, ...abortOf(iteration) };
    const streamed = stream(url, params, "chat-completions");
    if (streamed === undefined) return;
    const { facts, gapsMs } = streamed;
    addMetrics(deriveMetrics(facts), gapsMs, tags);
    const reason = giveUp(facts);
    if (reason !== undefined) exec.test.abort(reason);
    leave?.();
    pause(load.sleep);
  };
}
