// The questions for how much load there is to be.
import type { OptionSpec } from "../../../lib/core/options/option.ts";
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import { SHAPE_OPTIONS } from "../../../lib/core/options/shape-options.ts";
import type { LoadAnswer, Workload } from "./answers.ts";
import type { Asker } from "./asker.ts";
import { checkOption } from "./check-option.ts";
import { toLoadChoices } from "./workload-choices.ts";

/** Where nobody says how many: as many as llama-server has slots, each with 60 requests. */
const CLIENTS = "8";
const REQUESTS = "480";
/** Only where a file's workload has a rate and no cap or end. */
const CAP = "50";
const LENGTH = "5m";

/** Enter takes the workload's own numbers. */
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
        rate: await ask("Requests a second", rate, texts.rate ?? "1"),
        maxConcurrency: await ask("At most so many at a time", maxConcurrency, texts.maxConcurrency ?? CAP),
        duration: await ask("For how long (90, 5m, 1h)", duration, texts.duration ?? LENGTH),
        maxTokens: await askTokens(),
      };
    case "clients":
      return {
        kind,
        vus: await ask("How many clients", vus, texts.vus ?? CLIENTS),
        iterations: await ask("How many requests in all", iterations, REQUESTS),
        maxTokens: await askTokens(),
      };
  }
}
