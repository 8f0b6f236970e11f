// One request of a client: a row becomes a body, its stream becomes facts, the facts become metrics.
import exec from "k6/execution";
import { toBody } from "../../core/apis/body.ts";
import { createAborts } from "../../core/goals/abort.ts";
import type { Phase } from "../../core/plans/phases.ts";
import type { Message } from "../../core/prompts/message.ts";
import { toMessages, toPlainText } from "../../core/prompts/messages.ts";
import type { Row, Turn } from "../../core/prompts/row.ts";
import type { Facts } from "../../core/request/facts.ts";
import { createGiveUp } from "../../core/request/give-up.ts";
import { type DerivedMetrics, deriveMetrics } from "../../core/request/request-metrics.ts";
import { loadPart } from "../parts.ts";
import type { ClientSettings } from "./client-settings.ts";
import { createAddMetrics } from "./metrics.ts";
import type { Destination } from "./pairing.ts";
import { stream } from "./stream.ts";

/** What is sent: messages or a text, depending on the API. */
export type Input = readonly Message[] | string;

export interface Sending {
  row: Row;
  /** The turn of the row to send; default: its first. */
  turn?: Turn;
  /** Default: the input of the row's first turn. */
  input?: Input;
  /** Number of the iteration over the whole run, from 0. */
  index: number;
  phase: Phase;
  /** The client's number, from 1. */
  client: number;
  /** When the request is due, in milliseconds of `sse.now()`; absent: at once. */
  sendAt?: number | undefined;
  /** Further tags of its samples and its journal line; few values each. */
  tags?: Readonly<Record<string, string>>;
  /** Further labels of its journal line only. */
  labels?: Readonly<Record<string, string>>;
  /** In a run with two servers. */
  to?: Destination | undefined;
  /** Keep the text of the answer. */
  text?: boolean;
}

/** What became of a request; undefined if the run ended before the request was due. */
export type Sent = Answer | undefined;

/** What became of a request, whatever the server did. */
export interface Answer {
  /** What happened, and when: status, error, usage (`fields`), times. */
  facts: Facts;
  /** The verdict, and what follows from the facts; an unknown value is undefined, never 0. */
  metrics: DerivedMetrics;
  /** The text of the answer, where it was asked for. */
  text: string | undefined;
}

export interface Send {
  /** Blocks until the answer has ended. */
  (sending: Sending): Sent;
  /** The prompt of a turn; generates a synthetic one. */
  promptOf(turn: Turn): string;
  /** The input of the row's first turn. */
  inputOf(row: Row): Input;
}

/** For the init context. */
export function createSend(settings: ClientSettings): Send {
  const { url, load, samples, body: fields, dialect, slos, bodyPart, edits } = settings;
  const headers = { "Content-Type": "application/json", Accept: settings.accept, ...settings.headers };
  const timeouts = {
    connect: load.connectTimeout,
    headers: load.headersTimeout,
    firstToken: load.firstTokenTimeout,
    idle: load.idleTimeout,
    total: load.totalTimeout,
  };
  const addMetrics = createAddMetrics(samples, load);
  const giveUp = createGiveUp(settings.shownUrl ?? url, settings.remedies);
  const abortOf = createAborts(load);
  const toInput = settings.input === "text" ? toPlainText : toMessages;
  const bodyOf = bodyPart === undefined ? toBody : loadPart(bodyPart).body.toBody;
  const editBody = edits && loadPart("edits").editBody;
  const synthesize = settings.synthetic ? loadPart("synthetic").toSyntheticText : undefined;
  const meetsSlos = slos && loadPart("goodput").meetsSlos;
  const promptOf = ({ synthetic, prompt }: Turn) =>
    synthetic === undefined || synthesize === undefined ? prompt : synthesize(synthetic, load.seed);
  const inputOf = (row: Row) => toInput(row.synthetic ? { ...row, prompt: promptOf(row) } : row, load);
  // A salt of its own for every request, in every run: no request can use what the server cached for another one.
  const salt = load.cachePrompt === "off" ? `${Date.now()}-` : undefined;

  const send = ({
    row,
    turn = row,
    input,
    index,
    phase,
    client,
    sendAt,
    text,
    to,
    ...more
  }: Sending): Sent => {
    const sent = input ?? inputOf(row);
    const labels: Record<string, string> = { row: row.id, client: String(client), ...more.labels };
    const ownFields =
      salt === undefined
        ? fields
        : { ...fields, cache_salt: salt + (to?.pair ?? index) + (more.tags?.turn ?? "") };
    const whole = bodyOf(ownFields, sent, load, row, turn);
    const body = JSON.stringify(editBody ? editBody(whole, edits) : whole);
    if (turn.promptTokens !== undefined) labels.inputTokens ??= String(turn.promptTokens);
    const tags: Record<string, string> = { phase, ...(row.task && { task: row.task }), ...more.tags };
    if (to !== undefined) {
      tags.server = to.server;
      labels.pair = to.pair;
    }
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
    const streamed = stream(to?.url ?? url, params, dialect);
    if (streamed === undefined) return undefined;
    const { facts, gapsMs } = streamed;
    const metrics = deriveMetrics(facts);
    if (slos && meetsSlos) metrics.good = meetsSlos(slos, facts, metrics);
    addMetrics(metrics, gapsMs, tags);
    const reason = giveUp(facts);
    if (reason !== undefined) exec.test.abort(reason);
    return { facts, metrics, text: facts.text };
  };
  return Object.assign(send, { promptOf, inputOf });
}
