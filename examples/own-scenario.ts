// Sends two prompts alternately, each with its own tag: `node bench-runner --scenario examples/own-scenario.ts --url …`
import { check, sleep } from "k6";
import exec from "k6/execution";
import { createRequest, prepareScenario, type Row } from "server-bench";

export { handleSummary } from "server-bench";

const SHORT: Row = { id: "short", prompt: "Name three rivers." };
const LONG: Row = { id: "long", prompt: "Tell me the story of a river, from its source to the sea." };

const scenario = prepareScenario();
const request = createRequest(scenario);

export const options = { vus: 2, iterations: 20, ...scenario.k6Options };

export default function (): void {
  const row = exec.scenario.iterationInTest % 2 === 0 ? SHORT : LONG;
  const answer = request(row, { answer: row.id });
  check(answer, { "the answer is complete": (one) => one?.metrics.verdict === "complete" });
  sleep(scenario.load.sleep);
}
