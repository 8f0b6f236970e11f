// Code that not every client needs: bundled apart (dist/parts/), loaded at run time by those who do.
//
// Each client of k6 runs the whole scenario bundle, about 15 KB of memory for each KB of it; what is in a part costs
// that only where it is loaded.
import type * as ConversationPart from "./parts/conversation.ts";
import type * as DatasetPart from "./parts/dataset.ts";
import type * as OncePart from "./parts/once.ts";
import type * as OpenStreamPart from "./parts/open-stream.ts";
import type * as SummaryPart from "./parts/summary.ts";
import type * as SyntheticPart from "./parts/synthetic.ts";

/** The folder of the parts, set by the bundler: beside the project's own scenarios, absolute for those of its users. */
declare const PARTS_FOLDER: string;

interface Parts {
  /** Reading a dataset, once a process. */
  dataset: typeof DatasetPart;
  /** What else happens once a process: reading options. */
  once: typeof OncePart;
  /** Conversations of several turns. */
  conversation: typeof ConversationPart;
  /** Prompts that are made up. */
  synthetic: typeof SyntheticPart;
  /** The client for a k6 with the community extension. */
  "open-stream": typeof OpenStreamPart;
  /** What happens after the run. */
  summary: typeof SummaryPart;
}

/** Loads a part; only in the init context. */
export function loadPart<K extends keyof Parts>(name: K): Parts[K] {
  // Through the global object, so that the bundler leaves the call alone.
  const { require } = globalThis as unknown as { require(path: string): Parts[K] };
  return require(`${PARTS_FOLDER}/${name}.js`);
}
