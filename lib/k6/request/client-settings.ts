// What one client works out for all: the settings that each client has a copy of.
import type { DialectName } from "../../core/apis/apis.ts";
import type { BodyEdit } from "../../core/apis/body-edits.ts";
import type { Slo } from "../../core/goals/slo.ts";
import type { LoadOptions } from "../../core/options/options.ts";
import type { ClosedPlan } from "../../core/plans/closed.ts";
import type { Extent, PhaseOptions } from "../../core/plans/phases.ts";
import type { Remedies } from "../../core/request/give-up.ts";
import type { SampleKey } from "../../core/request/sample.ts";
import type { BodyPart } from "../parts.ts";

export interface ClientSettings {
  /** Where requests go. */
  url: string;
  /** The same in messages; absent where the URL has nothing to hide. */
  shownUrl?: string;
  /** Where the second half of each pair goes, in a run of two servers. */
  secondUrl?: string;
  /** How their answers are read. */
  dialect: DialectName;
  /** The media type of an answer. */
  accept: string;
  /** Headers of every request in addition to its media types: the key's and the user's. */
  headers: Record<string, string>;
  /** The fields of all bodies: see `toBody`. */
  body: Record<string, unknown>;
  /** What is changed in each body; absent if nothing is. */
  edits?: BodyEdit[];
  /** How a prompt is sent. */
  input: "messages" | "text";
  /** The part with the code for the bodies of the API, if it is not one of OpenAI's two completions. */
  bodyPart?: BodyPart;
  /** Some prompts are generated when they are sent. */
  synthetic?: true;
  load: LoadOptions;
  /** Absent if there are none. */
  slos?: Slo[];
  /** What a client requests in order to open its connection before the load begins; absent if it does not. */
  warmUrl?: string;
  /** The key of each metric's value, in the order of `sse.samples`. */
  samples: SampleKey[];
  /** What to do about a server that fails every request, by status. */
  remedies: Remedies;
  /** Absent if every request is measured. */
  phases?: PhaseOptions;
  /** The extent of the whole run, as far as it follows from the shape. */
  extent?: Extent;
  /** For a scenario prepared as `closed`. */
  closed?: ClosedPlan;
  /** For a scenario prepared as `open`. */
  open?: { dropsLate: boolean; skipsIdle?: true };
}
