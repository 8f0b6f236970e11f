// What a run will do, before it is started: a few lines for the person who answered the questions. Pure.

import { hideUrlSecrets } from "../../../lib/core/apis/url-secrets.ts";
import { formatDuration, formatNumber } from "../../../lib/core/units.ts";
import { type Config, endsWithPrompts } from "../../config/config.ts";
import { toPlainLine } from "../../platform/plain-text.ts";
import { wrapToWidth } from "../../platform/terminal-text.ts";

/** What the prompts of a length are, as in the option's own words. */
const LENGTHS: Readonly<Record<string, string>> = {
  short: "up to 25 words",
  medium: "26 to 120 words",
  long: "above 120 words",
};

function describeServer({ target }: Config): string {
  return target.kind === "url" ? hideUrlSecrets(target.url) : "llama-server, started here for the run";
}

function describeModel({ target, load }: Config): string {
  if (target.kind !== "start") return load.modelAlias;
  return target.model.kind === "file" ? target.model.path : `${target.model.repo} from Hugging Face`;
}

function describeLoad({ kind, shape, vus, durationSeconds, iterations }: Config): string {
  const time = formatDuration((shape.duration ?? durationSeconds) * 1000);
  if (kind !== "open") {
    const end = iterations === undefined ? `for ${time}` : `for ${time} at most`;
    const clients = vus === 1 ? "1 client sends" : `${vus} clients, each sends`;
    return `${clients} its next request when the last one is done, ${end}`;
  }
  const rate = shape.rate === undefined ? "arrivals as given" : `${shape.rate} requests per second`;
  const cap = shape.maxConcurrency === undefined ? "" : `, at most ${shape.maxConcurrency} at a time`;
  return `${rate}${cap}, for ${time}`;
}

function describePrompts({ load }: Config): string {
  const length = load.promptType === undefined ? "of any length" : LENGTHS[load.promptType];
  const sampling = load.temperature === undefined ? "" : `; temperature ${load.temperature}`;
  return `${length}; answers up to ${formatNumber(load.maxTokens, "count")} tokens${sampling}`;
}

function describeRequests(config: Config, requests: number | undefined): string {
  const { kind, shape } = config;
  if (endsWithPrompts(config)) return "each prompt once at most";
  if (requests === undefined) return "as many as the server answers in that time";
  const isCut = kind !== "open" && shape.duration !== undefined;
  return `${formatNumber(requests, "count")} ${isCut ? "at most" : "expected"}`;
}

const NAME_WIDTH = 10;

/**
 * A line each: server, model, load, prompts, expected requests.
 * @param requests how many will be sent; undefined where time alone ends the run
 * @param width columns
 */
export function toPlanLines(config: Config, requests: number | undefined, width: number): string[] {
  const rows: [string, string][] = [
    ["server", describeServer(config)],
    ["model", describeModel(config)],
    ["load", describeLoad(config)],
    ["prompts", describePrompts(config)],
    ["requests", describeRequests(config, requests)],
  ];
  return rows.flatMap(([name, text]) =>
    wrapToWidth(toPlainLine(text), width - NAME_WIDTH).map(
      (line, index) => `${(index === 0 ? name : "").padEnd(NAME_WIDTH)}${line}`,
    ),
  );
}
