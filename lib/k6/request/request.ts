// One request with a prompt and tags of the user's own, counted and measured like those of the project's scenarios.
import sse from "k6/x/sse";
import type { Row } from "../../core/prompts/row.ts";
import { createClient } from "./client.ts";
import type { ClientSettings } from "./client-settings.ts";
import { createExchange } from "./exchange.ts";
import type { Answer } from "./send.ts";

/**
 * Sends a request and blocks until its answer has ended; whatever the server does ends up in the metrics, and nothing is
 * thrown.
 * @param tags on every sample, and among the labels of the journal's line: use few values for each
 * @param wanted `text`: the answer with its text
 * @returns what became of the request, in a conversation of its last turn; undefined if the run ended before it was sent
 */
export type Request = (
  row: Row,
  tags?: Readonly<Record<string, string>>,
  wanted?: { text?: boolean },
) => Answer | undefined;

/** For the init context; the returned function is for iterations. */
export function createRequest(settings: ClientSettings): Request {
  if (settings.secondUrl !== undefined) {
    throw new Error("createRequest supports one server: use createIteration for two (SERVER_BENCH_AB).");
  }
  const exchange = createExchange(settings);
  const clientOf = createClient(settings);
  const { enter, leave } = sse;
  return (row, tags = {}, { text = false } = {}) => {
    const client = clientOf();
    enter?.();
    const index = client.iteration();
    const answer = exchange({ row, index, phase: client.phase(index), client, tags, text });
    leave?.();
    return answer;
  };
}
