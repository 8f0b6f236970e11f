// One request, whose text becomes a separate line of the journal: `bench-runner probe` shows both.
import sse from "k6/x/sse";
import type { Row } from "../../lib/core/prompts/row.ts";
import { createSend } from "../../lib/k6/request/send.ts";
import { prepareScenario } from "../../lib/k6/scenario.ts";

export { handleSummary } from "../../lib/k6/scenario.ts";

const scenario = prepareScenario();
const send = createSend(scenario);

export const options = { ...scenario.k6Options, vus: 1, iterations: 1, thresholds: {} };

export default () => {
  const row = scenario.rows[0] as Row;
  const sent = send({ row, index: 0, phase: "measure", client: 1, text: true });
  if (sent?.text !== undefined) sse.journal?.({ type: "answer", text: sent.text });
};
