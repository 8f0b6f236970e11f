// The resolved configuration as a few lines for the terminal: each value with its origin. Pure.
import type { OptionSpec, OptionValue } from "../../lib/core/options/option.ts";
import type { ConfigOrigin } from "../run-folder/run-files.ts";
import type { Config } from "./config.ts";
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

/** Lines of at most `width` characters, continued under the heading. */
function wrap(heading: string, parts: readonly string[], width: number): string[] {
  const indent = heading.padEnd(14);
  const lines: string[] = [];
  let line = indent;
  for (const [index, part] of parts.entries()) {
    const text = index === parts.length - 1 ? part : `${part}, `;
    if (line.length + text.trimEnd().length > width && line.trim() !== heading.trim() && line.trim() !== "") {
      lines.push(line.trimEnd());
      line = " ".repeat(indent.length);
    }
    line += text;
  }
  return [...lines, line.trimEnd()];
}

/** "8 clients, 480 requests or 600 s". */
function describeLoad({ kind, clients, iterations, seconds, options: { maxTurns } }: LoadPlan): string {
  const what = maxTurns > 1 ? `conversations of up to ${maxTurns} turns` : "requests";
  if (kind === "open") return `${iterations} ${what} in ${Math.round(seconds * 10) / 10} s as they are due`;
  const time = `${seconds} s`;
  return `${clients} clients, ${iterations === undefined ? time : `${iterations} ${what} or ${time}`}`;
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
  const lines = [
    `${"server".padEnd(14)}${server}`,
    `${"load".padEnd(14)}${describeLoad(plan)}, scenario ${config.runner.scenario}`,
  ];
  for (const [origin, heading] of HEADINGS) {
    const parts = Object.entries(values).flatMap(([key, value]) =>
      origins[key] === origin ? [toAssignment(key, ALL_OPTIONS[key], value, origin)] : [],
    );
    if (parts.length > 0) lines.push(...wrap(heading, parts, width));
  }
  return lines.join("\n");
}
