// One request with a prompt and tags of the user's own, counted and measured like those of the project's scenarios.
import sse from "k6/x/sse";
import type { Row } from "../../core/prompts/row.ts";
import { createClient } from "./client.ts";
import type { ClientSettings } from "./client-settings.ts";
import { createExchange } from "./exchange.ts";

/**
 * For the init context. The returned function is for iterations and blocks until the answer has ended; whatever the
 * server does ends up in the metrics. Its tags are on every sample and among the labels of the journal's line: use few
 * values for each.
 */
export function createRequest(
  settings: ClientSettings,
): (row: Row, tags?: Readonly<Record<string, string>>) => void {
  if (settings.secondUrl !== undefined) {
    throw new Error("createRequest supports one server: use createIteration for two (SERVER_BENCH_AB).");
  }
  const exchange = createExchange(settings);
  const clientOf = createClient(settings);
  const { enter, leave } = sse;
  return (row, tags = {}) => {
    const client = clientOf();
    enter?.();
    const index = client.iteration();
    exchange({ row, index, phase: client.phase(index), client, tags });
    leave?.();
  };
}
