// Every command, in the order in which help and messages list them. A new command is a row here.
import type { CliCommand, CommandFamily } from "./command.ts";
import { CALIBRATE } from "./commands/calibrate-command.ts";
import { BASELINE, COMPARE } from "./commands/compare-command.ts";
import { DATASETS } from "./commands/datasets-command.ts";
import { DOCTOR } from "./commands/doctor-command.ts";
import { EXPORT } from "./commands/export-command.ts";
import { INIT } from "./commands/init-command.ts";
import { MATRIX } from "./commands/matrix-command.ts";
import { PROBE } from "./commands/probe-command.ts";
import { REPORT } from "./commands/report-command.ts";
import { RESULTS } from "./commands/results-command.ts";
import { QUICKSTART_COMMAND, RUN } from "./commands/run-command.ts";
import { SCENARIOS } from "./commands/scenarios-command.ts";
import { SWEEP } from "./commands/sweep-command.ts";

/** The first one is the default: `node bench-runner --url …` is `node bench-runner run --url …`. */
export const COMMANDS: readonly (CliCommand | CommandFamily)[] = [
  RUN,
  QUICKSTART_COMMAND,
  PROBE,
  REPORT,
  SWEEP,
  COMPARE,
  BASELINE,
  MATRIX,
  EXPORT,
  RESULTS,
  SCENARIOS,
  CALIBRATE,
  DATASETS,
  INIT,
  DOCTOR,
];
