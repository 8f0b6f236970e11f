// The resolved configuration as a few lines for the terminal: each value with its origin. Pure.
import type { OptionSpec, OptionValue } from "../../lib/core/options/option.ts";
import type { ConfigOrigin } from "../run-folder/run-files.ts";
import { type Config, endsWithPrompts } from "./config.ts";
import { type LoadPlan, planLoad } from "./load-plan.ts";
import { ALL_OPTIONS, toOptionText } from "./option-flags.ts";
import { toShownOrigins, toShownValues } from "./shown-values.ts";

const HEADINGS: readonly [ConfigOrigin, string][] = [
  ["flag", "by flag"],
  ["variable", "by variable"],
  ["file", "by file"],
  ["profile", "by profile"],
  ["server", "by server"],
  ["git", "by git"],
  ["derived", "derived"],
  ["default", "default"],
];

/** As in a shell: quoted where it has more than plain characters, long texts cut. */
function quote(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return /^[\w@%+=:,./…~-]+$/.test(shown) ? shown : `'${shown}'`;
}

function toAssignment(key: string, spec: OptionSpec | undefined, value: OptionValue, origin: ConfigOrigin) {
  const text = quote(spec?.kind === "seconds" ? `${toOptionText(value)}s` : toOptionText(value));
  if (spec?.variable !== undefined && (origin === "variable" || spec.flag === undefined)) {
    return `${spec.variable}=${text}`;
  }
  return `${spec?.flag ?? key} ${text}`;
}

const INDENT = 14;
const toWords = (text: string) => text.split(" ");

/** Lines of at most `width` characters, continued under the heading; a part is broken only where no line has room for it. */
function wrap(heading: string, parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = "";
  const pieces = parts.flatMap((part) => (INDENT + part.length > width ? toWords(part) : [part]));
  for (const part of pieces) {
    const longer = line === "" ? part : `${line} ${part}`;
    if (line === "" || INDENT + longer.length <= width) line = longer;
    else {
      lines.push(line);
      line = part;
    }
  }
  return [...lines, line].map((text, index) => `${(index === 0 ? heading : "").padEnd(INDENT)}${text}`);
}

const withComma = (part: string, index: number, { length }: readonly string[]) =>
  index === length - 1 ? part : `${part},`;

/** "8 clients, 480 requests or 600 s". @param isOnce each prompt is sent once, however many there are */
function describeLoad(plan: LoadPlan, isOnce: boolean): string {
  const { kind, clients, iterations, seconds, options } = plan;
  const { maxTurns } = options;
  const what = maxTurns > 1 ? `conversations of up to ${maxTurns} turns` : "requests";
  const each = `each ${maxTurns > 1 ? "conversation" : "prompt"} once`;
  if (kind === "open") {
    const time = `${Math.round(seconds * 10) / 10} s`;
    return isOnce
      ? `${each} as it is due, ${time} at most`
      : `${iterations} ${what} in ${time} as they are due`;
  }
  const time = `${seconds} s`;
  return `${clients} clients, ${iterations === undefined ? time : `${isOnce ? each : `${iterations} ${what}`} or ${time}`}`;
}

/** Which server, which load; then every option's value by origin. @param server what is measured, in a few words */
export function toConfigText(
  config: Config,
  server: string,
  plan: LoadPlan = planLoad(config),
  width = 100,
): string {
  const values = toShownValues(config, plan);
  const origins = toShownOrigins(config, plan);
  const load = `${describeLoad(plan, endsWithPrompts(config))}, scenario ${config.runner.scenario}`;
  const lines = [...wrap("server", toWords(server), width), ...wrap("load", toWords(load), width)];
  for (const [origin, heading] of HEADINGS) {
    const parts = Object.entries(values).flatMap(([key, value]) =>
      origins[key] === origin ? [toAssignment(key, ALL_OPTIONS[key], value, origin)] : [],
    );
    if (parts.length === 0) continue;
    const isShort = origin === "default" && !config.runner.verbose;
    const shown = isShort
      ? toWords(`${parts.length} options that nobody changed (--verbose lists them)`)
      : parts.map(withComma);
    lines.push(...wrap(heading, shown, width));
  }
  return lines.join("\n");
}
