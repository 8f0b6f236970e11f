// The workloads with a name, the project's and those of configuration files, and what each means, as choices. Pure.

import { PRESETS } from "../../../lib/core/options/presets.ts";
import { parseSeconds } from "../../../lib/core/parse-seconds.ts";
import type { ConfigSet, WorkloadEntry } from "../../config/files/config-set.ts";
import { toPlainLine } from "../../platform/plain-text.ts";
import { cutToWidth } from "../../platform/terminal-text.ts";
import type { LoadAnswer, Workload } from "./answers.ts";
import type { Choice } from "./asker.ts";

/** What a file's workload without a pace of its own is paced like. */
const PACED_LIKE = "high-load";

/** Assumed where a server does not say how many requests it works on at a time. */
const UNKNOWN_SLOTS = 4;

/**
 * A load that any server can carry, for a minute: as many clients as the server has slots. What Enter alone takes.
 * @param slots undefined for a server that does not say it
 */
export function toFittingWorkload(slots: number | undefined): Workload {
  return {
    name: "first look",
    description: slots === undefined ? "a few users" : "one client for each slot of the server",
    texts: {
      ...{ vus: String(slots ?? UNKNOWN_SLOTS), duration: "60", promptType: "medium", maxTokens: "256" },
      // How long answers are is no question yet.
      truncatedLimit: "1",
    },
    isUnnamed: true,
  };
}

const CHARACTER: Readonly<Record<string, string>> = {
  "low-load": "one user",
  "medium-load": "a small team",
  "high-load": "many users",
  "stress-test": "a flood",
};

const WIDEST = 60;

/** "5 minutes", "90 seconds". */
export function toMinutes(text: string): string {
  const seconds = parseSeconds(text) ?? 0;
  const [count, unit] = seconds % 60 === 0 && seconds > 0 ? [seconds / 60, "minute"] : [seconds, "second"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** "20 requests/s, at most 50 at a time, 5 minutes"; "" where nothing of that is said. */
export function describeRate({ texts }: Pick<Workload, "texts">): string {
  const { rate, vus, maxConcurrency, duration } = texts;
  return [
    ...(rate === undefined ? [] : [`${rate} requests/s`]),
    ...(vus === undefined ? [] : [vus === "1" ? "1 client" : `${vus} clients`]),
    ...(maxConcurrency === undefined ? [] : [`at most ${maxConcurrency} at a time`]),
    ...(duration === undefined ? [] : [toMinutes(duration)]),
  ].join(", ");
}

function fromEntry({ name, description, options, concurrency, isPaced }: WorkloadEntry): Workload {
  const texts = Object.fromEntries(Object.entries(options).map(([key, { text }]) => [key, text]));
  const key = texts.rate === undefined ? "vus" : "maxConcurrency";
  const { rate: _, maxConcurrency: __, ...paced } = PRESETS[PACED_LIKE] ?? {};
  return {
    name,
    texts: {
      ...(isPaced && paced),
      ...texts,
      ...(concurrency && texts[key] === undefined && { [key]: concurrency.text }),
    },
    ...(description !== undefined && { description }),
  };
}

/** The fitting one first, then those of configuration files, then the project's from the lightest on; each name once. */
export function listWorkloads(
  { workloads }: Pick<ConfigSet, "workloads">,
  slots: number | undefined,
): Workload[] {
  const own = workloads.map(fromEntry);
  const presets = Object.entries(PRESETS)
    .filter(([name]) => !own.some((workload) => workload.name === name))
    .map(([name, texts]): Workload => ({ name, texts, description: CHARACTER[name] ?? "" }));
  return [toFittingWorkload(slots), ...own, ...presets];
}

export function toWorkloadChoices(workloads: readonly Workload[]): Choice<Workload>[] {
  return workloads.map((workload) => {
    const { name, description = "" } = workload;
    const rate = describeRate(workload);
    const hint = rate === "" ? "" : toPlainLine(description);
    return {
      value: workload,
      label: cutToWidth(toPlainLine(`${name}: ${rate || description || "as in its file"}`), WIDEST + 4),
      ...(hint !== "" && { hint: cutToWidth(hint, WIDEST) }),
    };
  });
}

export function toLoadChoices(workload: Workload): Choice<LoadAnswer["kind"]>[] {
  const rate = describeRate(workload);
  const choices: Choice<LoadAnswer["kind"]>[] = [
    {
      value: "as-named",
      label: toPlainLine(`${workload.name}${rate === "" ? " as it is" : `: ${rate}`}`),
    },
    {
      value: "rate",
      label: "other numbers: requests/s, concurrency, duration",
      hint: "open loop",
    },
    {
      value: "clients",
      label: "a number of clients, each of which waits for its answer",
      hint: "closed loop",
    },
  ];
  // Another rate on top of what has none would be a second load, not other numbers.
  return workload.texts.rate === undefined ? choices.filter(({ value }) => value !== "rate") : choices;
}
