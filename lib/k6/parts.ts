// Code that only some clients need: bundled separately (dist/parts/), one part per purpose, and loaded by those clients.
//
// Each client of k6 runs the whole scenario bundle, about 15 KB of memory for each KB of it; code in a part costs that
// only where it is loaded.
import type { ApiBody } from "../core/apis/api-body.ts";
import type * as AbPart from "./parts/ab.ts";
import type * as ConversationPart from "./parts/conversation.ts";
import type * as DatasetPart from "./parts/dataset.ts";
import type * as EditsPart from "./parts/edits.ts";
import type * as GoodputPart from "./parts/goodput.ts";
import type * as OpenStreamPart from "./parts/open-stream.ts";
import type * as PhasesPart from "./parts/phases.ts";
import type * as PplPart from "./parts/ppl.ts";
import type * as PreparePart from "./parts/prepare.ts";
import type * as StartPart from "./parts/start.ts";
import type * as SummaryPart from "./parts/summary.ts";
import type * as SyntheticPart from "./parts/synthetic.ts";

/** The folder of the parts, set by the bundler: relative in the project's own scenarios, absolute in those of users. */
declare const PARTS_FOLDER: string;

export type BodyPart = `body-${string}`;

interface Parts {
  /** Before the run, once a process: options, API, goals. */
  prepare: typeof PreparePart;
  /** Reading the prompts, once a process, without the runner. */
  dataset: typeof DatasetPart;
  /** The start of a load with a planned shape, once a run. */
  start: typeof StartPart;
  /** After the run, once. */
  summary: typeof SummaryPart;
  /** Two servers at once. */
  ab: typeof AbPart;
  /** The request bodies of one API (lib/core/apis/NAME/body.ts); those of OpenAI's completions are in every scenario. */
  [name: BodyPart]: { body: ApiBody };
  /** Fields of a body that are renamed or left out. */
  edits: typeof EditsPart;
  /** Conversations of several turns. */
  conversation: typeof ConversationPart;
  /** Synthetic prompts. */
  synthetic: typeof SyntheticPart;
  /** A warm-up or a cool-down. */
  phases: typeof PhasesPart;
  /** Service level objectives. */
  goodput: typeof GoodputPart;
  /** The client for a k6 with the community extension. */
  "open-stream": typeof OpenStreamPart;
  /** ppl.llm.serving, over gRPC. */
  ppl: typeof PplPart;
}

/** Loads a part; only in the init context. */
export function loadPart<K extends keyof Parts>(name: K): Parts[K] {
  // Through the global object, so that the bundler leaves the call alone.
  const { require } = globalThis as unknown as { require(path: string): Parts[K] };
  return require(`${PARTS_FOLDER}/${name}.js`);
}
