// The questions about the amount of load.
import type { OptionSpec } from "../../../lib/core/options/option.ts";
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import { SHAPE_OPTIONS } from "../../../lib/core/options/shape-options.ts";
import type { LoadAnswer, Workload } from "./answers.ts";
import type { Asker } from "./asker.ts";
import { checkOption } from "./check-option.ts";
import { toLoadChoices } from "./workload-choices.ts";

/** Defaults: one client for each slot of llama-server, with 60 requests each. */
const CLIENTS = "8";
const REQUESTS = "480";
/** Defaults for a workload of a file that has a rate but no cap or no end. */
const CAP = "50";
const LENGTH = "5m";

/** Asks for the load; the workload's own numbers are the defaults. */
export async function askLoad(asker: Asker, workload: Workload): Promise<LoadAnswer> {
  const { texts } = workload;
  const ask = (question: string, spec: OptionSpec, fallback: string) =>
    asker.type(question, { fallback, check: (text) => checkOption(spec, text) });
  const { rate, maxConcurrency, duration, vus, iterations } = SHAPE_OPTIONS;
  const { maxTokens } = LOAD_OPTIONS;
  const askTokens = () =>
    ask("Longest answer, in tokens", maxTokens, texts.maxTokens ?? String(maxTokens.default));
  const kind = await asker.choose("How much load?", toLoadChoices(workload));
  switch (kind) {
    case "as-named":
      return { kind };
    case "rate":
      return {
        kind,
        rate: await ask("Requests per second", rate, texts.rate ?? "1"),
        maxConcurrency: await ask("Maximum concurrent requests", maxConcurrency, texts.maxConcurrency ?? CAP),
        duration: await ask("For how long (90, 5m, 1h)", duration, texts.duration ?? LENGTH),
        maxTokens: await askTokens(),
      };
    case "clients":
      return {
        kind,
        vus: await ask("Number of clients", vus, texts.vus ?? CLIENTS),
        iterations: await ask("Total number of requests", iterations, REQUESTS),
        maxTokens: await askTokens(),
      };
  }
}
