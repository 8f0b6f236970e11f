// What one client works out for all: the settings that each client has a copy of.
import type { OtherEndpoint } from "../../core/apis/bodies/index.ts";
import type { DialectName } from "../../core/apis/dialects/index.ts";
import type { Slo } from "../../core/goals/slo.ts";
import type { LoadOptions } from "../../core/options/options.ts";
import type { ClosedPlan } from "../../core/plans/closed.ts";
import type { Extent, PhaseOptions } from "../../core/plans/phases.ts";
import type { SampleKey } from "../../core/request/sample.ts";

export interface ClientSettings {
  /** Where requests go. */
  url: string;
  /** Where the second half of each pair goes, in a run of two servers. */
  secondUrl?: string;
  /** How their answers are read. */
  dialect: DialectName;
  /** The media type of an answer. */
  accept: string;
  /** What every request has of headers besides its media types: the key's, the user's. */
  headers: Record<string, string>;
  /** What all bodies have: see `toBody`. */
  body: Record<string, unknown>;
  /** What a prompt is sent as. */
  input: "messages" | "text";
  /** The API, where it is another one than OpenAI's completions: its bodies are in a part of their own. */
  otherApi?: OtherEndpoint;
  /** There are prompts that are made when they are sent. */
  synthetic?: true;
  load: LoadOptions;
  /** Absent where there are none. */
  slos?: Slo[];
  /** What a client asks for to have its connection before the load begins; absent where it need not. */
  warmUrl?: string;
  /** Where the value of each metric is, in the order of `sse.samples`. */
  samples: SampleKey[];
  /** Absent where every request is measured. */
  phases?: PhaseOptions;
  /** Of the whole run, as far as its shape tells. */
  extent?: Extent;
  /** Of a scenario prepared as `closed`. */
  closed?: ClosedPlan;
  /** Of one prepared as `open`. */
  open?: { dropsLate: boolean };
}
