// One request of a client: a row becomes a body, its stream becomes facts, the facts become metrics.
import exec from "k6/execution";
import { createAborts } from "../core/abort.ts";
import { toBody } from "../core/body.ts";
import { createGiveUp } from "../core/give-up.ts";
import { type Message, toMessages, toPlainText } from "../core/messages.ts";
import type { Phase } from "../core/plans/phases.ts";
import { type DerivedMetrics, deriveMetrics } from "../core/request-metrics.ts";
import type { Row, Turn } from "../core/row.ts";
import { createAddMetrics } from "./metrics.ts";
import { loadPart } from "./parts.ts";
import type { ClientSettings } from "./settings.ts";
import { stream } from "./stream.ts";

/** What is sent: messages for `/chat/completions`, a text for `/completions`. */
export type Input = readonly Message[] | string;

export interface Sending {
  row: Row;
  /** The turn of the row that is sent; default: its first. */
  turn?: Turn;
  /** Default: what the row's first turn comes to. */
  input?: Input;
  /** Of the iteration over the whole run, from 0. */
  index: number;
  phase: Phase;
  /** The client's number, from 1. */
  client: number;
  /** When it is due, in milliseconds of `sse.now()`; absent: at once. */
  sendAt?: number;
  /** Further tags of its samples and its line; few values each. */
  tags?: Readonly<Record<string, string>>;
  /** Further labels of its line alone. */
  labels?: Readonly<Record<string, string>>;
  /** The answer's text is wanted. */
  text?: boolean;
}

/** What became of it; undefined where the run ended before it was due. */
export type Sent = { metrics: DerivedMetrics; text: string | undefined } | undefined;

export interface Send {
  /** Blocks until the answer has ended. */
  (sending: Sending): Sent;
  /** The prompt of a turn, also where it is still to be made. */
  promptOf(turn: Turn): string;
  /** What the row's first turn comes to. */
  inputOf(row: Row): Input;
}

/** For the init context. */
export function createSend(settings: ClientSettings): Send {
  const { url, load, samples, body: fields, dialect } = settings;
  const headers: Record<string, string> = { "Content-Type": "application/json", Accept: settings.accept };
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
  const toInput = load.endpoint === "completions" ? toPlainText : toMessages;
  const synthesize = settings.synthetic ? loadPart("synthetic").toSyntheticText : undefined;
  const promptOf = ({ synthetic, prompt }: Turn) =>
    synthetic === undefined || synthesize === undefined ? prompt : synthesize(synthetic, load.seed);
  const inputOf = (row: Row) => toInput(row.synthetic ? { ...row, prompt: promptOf(row) } : row, load);
  // What a server keeps from one request is of no use to any other one, nor to those of a run before.
  const salt = load.cachePrompt === "off" ? `${Date.now()}-` : undefined;

  const send = ({ row, turn = row, input, index, phase, client, sendAt, text, ...more }: Sending): Sent => {
    const sent = input ?? inputOf(row);
    const labels: Record<string, string> = { row: row.id, client: String(client), ...more.labels };
    const fields_ =
      salt === undefined ? fields : { ...fields, cache_salt: salt + index + (more.tags?.turn ?? "") };
    const body = JSON.stringify(toBody(fields_, sent, load, row, turn));
    if (turn.promptTokens !== undefined) labels.inputTokens ??= String(turn.promptTokens);
    const tags: Record<string, string> = { phase, ...(row.task && { task: row.task }), ...more.tags };
    const due = sendAt === undefined ? {} : { sendAt };
    const wanted = text ? { text } : {};
    const params = {
      method: "POST",
      headers,
      body,
      tags,
      labels,
      timeouts,
      ...due,
      ...wanted,
      ...abortOf(index),
    };
    const streamed = stream(url, params, dialect);
    if (streamed === undefined) return undefined;
    const { facts, gapsMs } = streamed;
    const metrics = deriveMetrics(facts);
    addMetrics(metrics, gapsMs, tags);
    const reason = giveUp(facts);
    if (reason !== undefined) exec.test.abort(reason);
    return { metrics, text: facts.text };
  };
  return Object.assign(send, { promptOf, inputOf });
}
