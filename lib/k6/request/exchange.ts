// What a client does with a row: one request, or a conversation of several turns.
import type { Phase } from "../../core/plans/phases.ts";
import type { Row } from "../../core/prompts/row.ts";
import { loadPart } from "../parts.ts";
import type { Client } from "./client.ts";
import type { ClientSettings } from "./client-settings.ts";
import type { Destination } from "./pairing.ts";
import { createSend, type Sent } from "./send.ts";

export interface Exchange {
  row: Row;
  /** Number of the iteration over the whole run, from 0. */
  index: number;
  phase: Phase;
  client: Client;
  /** When the first request is due, in milliseconds of `sse.now()`; absent: at once. */
  sendAt?: number | undefined;
  /** Further tags of the samples and journal lines; few values each. */
  tags?: Readonly<Record<string, string>>;
  /** In a run with two servers. */
  to?: Destination | undefined;
  /** Keep the text of the answer. */
  text?: boolean;
}

/**
 * For the init context. The returned function blocks until the last answer has ended, and returns what became of the last
 * request that was sent.
 */
export function createExchange(settings: ClientSettings): (exchange: Exchange) => Sent {
  const send = createSend(settings);
  if (settings.load.maxTurns > 1) return loadPart("conversation").createConversation(settings, send);
  return ({ client, ...exchange }) => send({ ...exchange, client: client.number });
}
