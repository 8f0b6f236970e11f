// The command `calibrate`.
import { defineCommand } from "../command.ts";
import { type Flags, readFlags, takeSecrets } from "./given-options.ts";

export const CALIBRATE = defineCommand<{ folder: string | undefined; flags: Flags }>({
  name: "calibrate",
  summary: "Measures how accurate and how fast this client is at a run's load",
  description:
    "Runs the load of a finished run, or of the options, against a server whose timings are known; writes calibration.json.",
  runOptions: "taken",
  define: (command) => {
    command.argument("[folder]", "run folder; its own options then say what the load is");
  },
  read: (command) => ({
    folder: command.processedArgs[0] as string | undefined,
    flags: readFlags(command),
  }),
  run: async (input, context) => {
    const { calibrate } = await import("../../runs/calibrate/calibrate.ts");
    const { flags, variables } = takeSecrets(input.flags, context);
    return calibrate(input.folder, flags, { ...context, variables });
  },
});
