// The command `probe`.
import { defineCommand } from "../command.ts";
import { type Flags, readFlags, takeTarget } from "./given-options.ts";

export const PROBE = defineCommand<{ flags: Flags; own: { prompt?: string } }>({
  name: "probe",
  summary: "Sends one request, and shows everything about it",
  description:
    "Sends one request through k6, and shows everything about it; exit code 99 if the answer is not complete.",
  runOptions: "taken",
  define: (command) => {
    command.option("--prompt <text>", "the prompt to send, instead of one of the dataset");
  },
  read: (command) => {
    const { prompt } = command.opts<{ prompt?: string }>();
    return { flags: readFlags(command), own: prompt === undefined ? {} : { prompt } };
  },
  run: async (input, context) => {
    const { probe } = await import("../../runs/probe/probe.ts");
    const { flags, variables } = takeTarget(input.flags, context);
    const terminal = { input: process.stdin, output: process.stderr };
    return probe(flags, input.own, { ...context, variables, terminal });
  },
});
