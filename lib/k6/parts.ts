// Code that not every client needs: bundled apart (dist/parts/), loaded at run time by those who do.
//
// Each client of k6 runs the whole scenario bundle, about 15 KB of memory for each KB of it; what is in a part costs
// that only where it is loaded.
import type { ApiBody } from "../core/apis/api-body.ts";
import type * as AbPart from "./parts/ab.ts";
import type * as ApiPart from "./parts/api.ts";
import type * as ConversationPart from "./parts/conversation.ts";
import type * as DatasetPart from "./parts/dataset.ts";
import type * as GoalsPart from "./parts/goals.ts";
import type * as GoodputPart from "./parts/goodput.ts";
import type * as HeadersPart from "./parts/headers.ts";
import type * as OncePart from "./parts/once.ts";
import type * as OpenStreamPart from "./parts/open-stream.ts";
import type * as PplPart from "./parts/ppl.ts";
import type * as SummaryPart from "./parts/summary.ts";
import type * as SyntheticPart from "./parts/synthetic.ts";

/** The folder of the parts, set by the bundler: beside the project's own scenarios, absolute for those of its users. */
declare const PARTS_FOLDER: string;

export type BodyPart = `body-${string}`;

interface Parts {
  /** Two servers at once. */
  ab: typeof AbPart;
  /** The server's API, once a process. */
  api: typeof ApiPart;
  /** The bodies of one API (lib/core/apis/NAME/body.ts). OpenAI's completions have none: every client has theirs. */
  [name: BodyPart]: { body: ApiBody };
  /** Reading a dataset, once a process. */
  dataset: typeof DatasetPart;
  /** What else happens once a process: reading options. */
  once: typeof OncePart;
  /** Conversations of several turns. */
  conversation: typeof ConversationPart;
  /** Prompts that are made up. */
  synthetic: typeof SyntheticPart;
  /** Reading what a run is to reach, once a process. */
  goals: typeof GoalsPart;
  /** The key's header and the user's, once a process. */
  headers: typeof HeadersPart;
  /** Service level objectives. */
  goodput: typeof GoodputPart;
  /** The client for a k6 with the community extension. */
  "open-stream": typeof OpenStreamPart;
  /** ppl.llm.serving, by gRPC. */
  ppl: typeof PplPart;
  /** What happens after the run. */
  summary: typeof SummaryPart;
}

/** Loads a part; only in the init context. */
export function loadPart<K extends keyof Parts>(name: K): Parts[K] {
  // Through the global object, so that the bundler leaves the call alone.
  const { require } = globalThis as unknown as { require(path: string): Parts[K] };
  return require(`${PARTS_FOLDER}/${name}.js`);
}
