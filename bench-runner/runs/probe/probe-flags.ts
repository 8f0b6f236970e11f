// The options of a probe: those of a run without the options of load. Pure.
import type { OptionSpec } from "../../../lib/core/options/option.ts";
import { SHAPE_OPTIONS } from "../../../lib/core/options/shape-options.ts";
import { RUNNER_OPTIONS } from "../../config/runner-options.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";

type Texts = Readonly<Record<string, string | undefined>>;

const SHAPE: readonly OptionSpec[] = Object.values<OptionSpec>(SHAPE_OPTIONS);

/** Flags that have no meaning, or another one, for a single request. */
const REFUSED: readonly string[] = [
  ...SHAPE.flatMap(({ flag }) => flag ?? []),
  ...[
    "ab",
    "scenario",
    "repeat",
    "throughput-only",
    "append",
    "results",
    "listen",
    "http-debug",
    "max-turns",
  ],
  ...["abort-share", "slo", "require", "abort-on"],
];

/**
 * @returns the flags of a run that sends one request and logs it completely
 * @throws UserError for an option of load
 */
export function toProbeFlags(flags: Readonly<Record<string, string>>): Record<string, string> {
  const refused = REFUSED.find((flag) => flags[flag] !== undefined);
  if (refused !== undefined) {
    throw new UserError(
      `\`probe\` sends one request: \`--${refused}\` has no meaning for it. Leave it out.`,
      EXIT.usage,
    );
  }
  const fixed = { vus: "1", iterations: "1", "n-prompts": "1", "http-debug": "full", scenario: "script" };
  return { ...flags, ...fixed };
}

/** The variables without those of refused flags, which are meant for runs. */
export function withoutLoad(variables: Texts): Record<string, string | undefined> {
  const specs = [...SHAPE, RUNNER_OPTIONS.repeat, RUNNER_OPTIONS.append, RUNNER_OPTIONS.listen];
  const names = new Set([
    ...specs.flatMap((spec: OptionSpec) => spec.variable ?? []),
    ...["AB", "SLO", "REQUIRE", "ABORT_ON", "ABORT_SHARE", "MAX_TURNS"].map((name) => `SERVER_BENCH_${name}`),
  ]);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !names.has(name)));
}
