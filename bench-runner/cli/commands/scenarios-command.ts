// The command `scenarios`: lists the scenarios, and the options of each one or of the user's own.
import type { DefinedOption, OptionSpec } from "../../../lib/core/options/option.ts";
import { SHAPE_OPTIONS, type ShapeKey } from "../../../lib/core/options/shape-options.ts";
import { SHAPE_KEYS, type ShapeKind, shapeOf } from "../../../lib/core/options/shapes.ts";
import { toDefaultText, toFlagText } from "../../config/option-flags.ts";
import { inspectScript } from "../../load/scenario/inspect-script.ts";
import { prepareScript } from "../../load/scenario/own-scenario.ts";
import { listScenarios } from "../../load/scenario/scenario-file.ts";
import type { Context } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { findK6 } from "../../platform/programs.ts";
import { defineCommand } from "../command.ts";

const SENTENCES: Record<ShapeKind, string> = {
  plain:
    "after llama.cpp's server bench: a number of clients, each of which sends its next request when the last one is done",
  closed:
    "a number of clients that start one after the other, or in stages, each with its own sequence of prompts",
  open: "requests when they are due: at a rate, by a function of time, or from a trace",
};

function align(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join("\n");
}

const describe = (text: string, spec: OptionSpec) => {
  const value = toDefaultText(spec);
  return value === undefined ? text : `${text} [default ${value}]`;
};

function listShape(kind: ShapeKind): string {
  const row = (key: ShapeKey): [string, string] => {
    const spec: DefinedOption = SHAPE_OPTIONS[key];
    return [toFlagText(spec), describe(SHAPE_OPTIONS[key].text, spec)];
  };
  return align(SHAPE_KEYS[kind].map(row));
}

/** @param name a scenario of this project, or the path of a script; without it all of this project's are listed */
async function listScenarioOptions(
  name: string | undefined,
  context: Pick<Context, "variables" | "print">,
): Promise<number> {
  const { variables, print } = context;
  if (name === undefined) {
    const rows = listScenarios().map((scenario): [string, string] => [
      scenario,
      SENTENCES[shapeOf(scenario)],
    ]);
    print(
      `${align(rows)}\n\n\`node bench-runner scenarios NAME\` lists the options of a scenario, or of your own script.`,
    );
    return EXIT.ok;
  }
  if (listScenarios().includes(name)) {
    print(`${name}: ${SENTENCES[shapeOf(name)]}\n\n${listShape(shapeOf(name))}`);
    return EXIT.ok;
  }
  const script = await prepareScript(name, variables);
  const { path: k6 } = await findK6(variables.BENCH_K6_BIN_PATH);
  const { options, vus, iterations, seconds } = await inspectScript(k6, script);
  const load = iterations === undefined ? `${seconds} s` : `${iterations} iterations`;
  const rows = Object.values(options).map((spec): [string, string] => [
    spec.variable,
    describe(spec.description, spec),
  ]);
  print(
    `${name}: ${vus} clients, ${load} by its own options\n\n${rows.length > 0 ? align(rows) : "It has no options of its own."}`,
  );
  return EXIT.ok;
}

export const SCENARIOS = defineCommand<{ name: string | undefined }>({
  name: "scenarios",
  summary: "Lists the scenarios, or the options of one of them or of your own script",
  define: (command) => {
    command.argument("[name]", "name of a scenario, or path of a script");
  },
  read: (command) => ({ name: command.processedArgs[0] as string | undefined }),
  run: ({ name }, context) => listScenarioOptions(name, context),
});
