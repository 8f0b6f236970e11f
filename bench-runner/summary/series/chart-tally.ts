// What the first reading of a journal keeps for the charts, in addition to the columns and counts of the summary.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import type { Verdict } from "../../../lib/core/request/verdict.ts";
import { isMeasured } from "../tallies/tally.ts";
import { GapCounts } from "./gap-counts.ts";
import { PhaseStarts } from "./phase-spans.ts";
import { SlowestRequests } from "./slowest.ts";

const SLOWEST = 10;

/** Over the requests of every phase. */
export class ChartTally {
  /** Over complete measured requests. */
  readonly gaps = new GapCounts();
  readonly slowest = new SlowestRequests(SLOWEST);
  readonly phases = new PhaseStarts();
  /** Answers that came as one document. */
  documents = 0;

  add(line: RequestLine, verdict: Verdict): void {
    if (line.document) this.documents += 1;
    this.phases.add(line.labels.phase, line.startMs);
    this.slowest.add(line);
    if (verdict === "complete" && isMeasured(line)) this.gaps.addLine(line);
  }
}
