// Requests to ppl.llm.serving: gRPC through k6's own client, which reads on k6's event loop.
//
// A time is when JavaScript gets a message: tenths of a millisecond late on an idle machine, more on a busy one.

import { sleep } from "k6";
import exec from "k6/execution";
import grpc from "k6/net/grpc";
import sse from "k6/x/sse";
import { pplDialect } from "../../core/apis/ppl/api.ts";
import { body } from "../../core/apis/ppl/body.ts";
import { createEventCollector, type EventCollector } from "../../core/request/event-facts.ts";
import { createGiveUp } from "../../core/request/give-up.ts";
import { deriveMetrics } from "../../core/request/request-metrics.ts";
import { createK6Metrics } from "../community/k6-metrics.ts";
import { loadPart } from "../parts.ts";
import { toFilePath } from "../prepare/user-path.ts";
import type { ClientSettings } from "../request/client-settings.ts";
import type { Exchange } from "../request/exchange.ts";
import { createSend } from "../request/send.ts";

const METHOD = "ppl.llm.proto.LLMService/Generation";

/** Seen from dist/parts/. */
const protoFolder = (): string => toFilePath(import.meta.resolve("../../lib/k6/ppl"));

/** Records what failed: the connection, a time limit, or the server, with its own message. */
function takeFailure({ facts }: EventCollector, { code, message }: grpc.GrpcError): void {
  if (code === grpc.StatusDeadlineExceeded) facts.error = { kind: "total_timeout", message };
  else if (code === grpc.StatusUnavailable) facts.error = { kind: "reset", message };
  else facts.inBandError = `gRPC status ${code}: ${message}`;
  facts.ended = "error";
}

/** The finish reason in the words of Text Generation Inference: length, eos_token, stop_sequence. */
function plainReason({ fields }: EventCollector["facts"]): void {
  if (fields.finishReason === undefined) return;
  fields.finishReason = String(fields.finishReason).replace("FINISH_REASON_", "").toLowerCase();
}

/** For the init context. The returned function ends once the answer has ended. */
export function createPplExchange(scenario: ClientSettings): (exchange: Exchange) => Promise<void> {
  const { load, url, body: fields, slos, open } = scenario;
  const { now = () => exec.instance.currentTestRunDuration } = sse;
  const [, scheme, address = ""] = /^(https?):\/\/([^/]+)/.exec(url) ?? [];
  const client = new grpc.Client();
  client.load([protoFolder()], "llm.proto");
  const addMetrics = createK6Metrics(load, open !== undefined);
  const giveUp = createGiveUp(scenario.shownUrl ?? url, scenario.remedies);
  const meetsSlos = slos && loadPart("goodput").meetsSlos;
  const { inputOf } = createSend(scenario);
  const metadata = Object.fromEntries(
    Object.entries(scenario.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  let isConnected = false;
  let sent = 0;

  /** @returns whether there is a connection now; a failure is in the facts */
  const connect = ({ facts }: EventCollector): boolean => {
    if (isConnected) {
      facts.reused = true;
      return true;
    }
    try {
      client.connect(address, { plaintext: scheme === "http", timeout: `${load.connectTimeout}s` });
      isConnected = true;
      facts.connectedMs = now();
      return true;
    } catch (error) {
      facts.error = { kind: "tcp", message: String(error) };
      facts.ended = "no_stream";
      delete facts.sentMs;
      return false;
    }
  };

  const receive = async (collector: EventCollector, request: object, tags: object): Promise<void> => {
    const { facts, add } = collector;
    const stream = new grpc.Stream(client, METHOD, { tags, metadata, timeout: `${load.totalTimeout}s` });
    facts.sentMs = now();
    await new Promise<void>((resolve) => {
      stream.on("data", (message) => {
        const text = JSON.stringify(message);
        if (text.includes('"status":"FAILED"')) facts.inBandError ??= "the server's status is FAILED";
        facts.reads++;
        add(text, "", now());
      });
      stream.on("error", (error) => takeFailure(collector, error as grpc.GrpcError));
      stream.on("end", () => resolve());
      stream.write(request);
      stream.end();
    });
    facts.endMs = now();
    collector.finish();
    plainReason(facts);
  };

  return async ({ row, phase, client, sendAt, tags: more }) => {
    const request = body.toBody(fields, inputOf(row), load, row);
    const tags: Record<string, string> = { phase, ...(row.task && { task: row.task }), ...more };
    const labels = { ...tags, row: row.id, client: String(client.number) };
    // The answer is read on k6's event loop, without a turn of the client's own.
    sse.leave?.();
    if (sendAt !== undefined) sleep(Math.max(sendAt - now(), 0) / 1000);
    const collector = createEventCollector(pplDialect, now());
    const { facts, gapsMs } = collector;
    if (sendAt !== undefined) facts.scheduledMs = sendAt;
    facts.requestBytes = JSON.stringify(request).length;
    if (connect(collector)) await receive(collector, request, tags);
    else facts.endMs = now();
    const metrics = deriveMetrics(facts);
    if (slos && meetsSlos) metrics.good = meetsSlos(slos, facts, metrics);
    addMetrics(metrics, gapsMs, tags);
    sse.journal?.({
      type: "request",
      // Unique, and ascending within each client.
      id: client.number * 1e6 + ++sent,
      vu: client.number,
      iteration: exec.vu.iterationInScenario,
      scenario: exec.scenario.name,
      labels: row.promptTokens === undefined ? labels : { ...labels, inputTokens: String(row.promptTokens) },
      ...facts,
      gapsUs: gapsMs.map((gap) => Math.round(gap * 1000)),
    });
    const reason = giveUp(facts);
    if (reason !== undefined) exec.test.abort(reason);
  };
}
