// The ports of this machine on which servers for LLMs usually listen. Pure.
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";

/** With the server that uses each by default. */
export const USUAL_PORTS: readonly (readonly [number, string])[] = [
  [8080, "llama-server"],
  [8000, "vLLM"],
  [30000, "SGLang"],
  [11434, "Ollama"],
  [1234, "LM Studio"],
  [4000, "LiteLLM"],
  [3000, "TGI"],
];

const MOST_PORTS = 32;

/**
 * @param text SERVER_BENCH_LOCAL_PORTS: other ports than the usual ones, such as "8080,9000"
 * @throws UserError for a text that is not a list of ports
 */
export function toLocalPorts(text: string | undefined): number[] {
  if (!text) return USUAL_PORTS.map(([port]) => port);
  const ports = [...new Set(text.split(",").map((part) => Number(part.trim() || "none")))];
  const isRight = ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536);
  if (isRight && ports.length <= MOST_PORTS) return ports;
  throw new UserError(
    `\`SERVER_BENCH_LOCAL_PORTS\`: expected at most ${MOST_PORTS} ports such as \`8080,9000\`, got \`${text}\`.`,
    EXIT.usage,
  );
}
