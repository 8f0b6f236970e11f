// A conversation of a client: turn after turn, each with the whole history, until its end or its first failure.
import { sleep } from "k6";
import exec from "k6/execution";
import sse from "k6/x/sse";
import { parseSeconds } from "../../core/parse-seconds.ts";
import { parseDistribution, toSampler } from "../../core/prompts/distribution.ts";
import { createRandom } from "../../core/prompts/random.ts";
import { type Turn, turnsOf } from "../../core/prompts/row.ts";
import type { ClientSettings } from "./client-settings.ts";
import type { Exchange } from "./exchange.ts";
import type { Input, Send, Sent } from "./send.ts";

/** Keeps the random numbers for pauses apart from others with the same seed. */
const PAUSES = 0x70617573;

/** When k6 stops starting iterations, in milliseconds since the run began; running ones may take longer. */
function toEndMs({ closed, open }: ClientSettings): number {
  if (closed !== undefined) return closed.seconds * 1000;
  if (open !== undefined) return Number.POSITIVE_INFINITY;
  const scenarios = (exec.test.options.scenarios ?? {}) as Record<
    string,
    { duration?: string; maxDuration?: string }
  >;
  const { duration, maxDuration } = scenarios[exec.scenario.name] ?? {};
  const seconds = parseSeconds(String(duration ?? maxDuration ?? ""));
  return seconds === undefined ? Number.POSITIVE_INFINITY : seconds * 1000;
}

/** The next input: everything sent before, the answer to it, and the next prompt. */
function goOn(input: Input, answer: string, prompt: string): Input {
  if (typeof input === "string") return `${input} ${answer.trim()}\n\n${prompt}`;
  return [...input, { role: "assistant", content: answer }, { role: "user", content: prompt }];
}

/** For the init context. */
export function createConversation(settings: ClientSettings, send: Send): (exchange: Exchange) => Sent {
  const { load } = settings;
  const isReal = load.history === "real";
  const pauses = parseDistribution(load.thinkTime ?? "0");
  const drawPause = pauses && toSampler(pauses);
  const random = createRandom((load.seed ^ PAUSES) + __VU);
  const { enter, leave } = sse;
  let endMs: number | undefined;

  return ({ row, index, client, phase, sendAt, tags, to, text = false }) => {
    endMs ??= toEndMs(settings);
    const turns = turnsOf(row).slice(0, load.maxTurns);
    const fixed = { turns: String(turns.length), conversation: to ? to.pair + to.server : String(index) };
    let input: Input = send.inputOf(row);
    let inputTokens: number | undefined = row.promptTokens;
    let sent: Sent;
    for (let at = 0; at < turns.length; at++) {
      const turn = turns[at] as Turn;
      if (at > 0) {
        leave?.();
        sleep(drawPause?.(random) ?? 0);
        if (client.elapsedMs() >= endMs) return sent;
        enter?.();
      }
      sent = send({
        row,
        turn,
        input,
        index,
        to,
        client: client.number,
        text: isReal || text,
        phase: at === 0 ? phase : client.phase(index),
        sendAt: at === 0 ? sendAt : undefined,
        tags: { ...tags, turn: String(at + 1) },
        labels: inputTokens === undefined ? fixed : { ...fixed, inputTokens: String(inputTokens) },
      });
      // Without a complete answer there is nothing to continue from.
      if (sent?.metrics.verdict !== "complete") return sent;
      const next = turns[at + 1];
      if (next === undefined) return sent;
      input = goOn(input, (isReal ? sent.text : turn.answer) ?? "", send.promptOf(next));
      const answerTokens = isReal ? sent.metrics.completionTokens : turn.answerTokens;
      inputTokens =
        inputTokens === undefined || answerTokens === undefined || next.promptTokens === undefined
          ? undefined
          : inputTokens + answerTokens + next.promptTokens;
    }
    return sent;
  };
}
