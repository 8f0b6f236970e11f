// What the first reading of a journal keeps of each request: all that the second one needs of its line, except the token gaps.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { toNumber } from "../../../lib/core/request/request-metrics.ts";
import { VERDICTS, type Verdict } from "../../../lib/core/request/verdict.ts";
import { ValueColumn } from "../../statistics/value-column.ts";
import { isMeasured } from "../tallies/tally.ts";
import type { TokenFacts } from "../throughput.ts";

/** A request as its row holds it; the reader of its line adds the gaps. */
export interface KeptRequest extends TokenFacts, Pick<RequestLine, "gapHistogramUs" | "uncertainGaps"> {
  verdict: Verdict;
  isMeasured: boolean;
}

/** In the order of the journal; up to 72 bytes per request, whose line has about a thousand. */
export class RequestRows {
  /** Offset of the first byte of its line in the file; only if the line has token gaps. */
  readonly linePosition = new ValueColumn();
  /** Has a value for each request that has gaps which are not known. */
  readonly hasUncertainGaps = new ValueColumn();
  /** Index in VERDICTS, plus the length of VERDICTS for requests that were not measured. */
  readonly #verdict = new ValueColumn();
  readonly #startMs = new ValueColumn();
  readonly #firstTokenMs = new ValueColumn();
  readonly #lastTokenMs = new ValueColumn();
  readonly #endMs = new ValueColumn();
  readonly #tokenEvents = new ValueColumn();
  readonly #completionTokens = new ValueColumn();
  readonly #promptTokens = new ValueColumn();
  /** Documents only. For one that was never sent, its start. */
  readonly #documentSentMs = new ValueColumn();
  length = 0;

  /** @param position offset of the first byte of the line in the journal */
  add(line: RequestLine, verdict: Verdict, position: number): void {
    const row = this.length;
    this.length += 1;
    this.#verdict.put(row, VERDICTS.indexOf(verdict) + (isMeasured(line) ? 0 : VERDICTS.length));
    this.#startMs.put(row, line.startMs);
    this.#endMs.put(row, line.endMs);
    this.#tokenEvents.put(row, line.tokenEvents);
    putKnown(this.#firstTokenMs, row, line.firstTokenMs);
    putKnown(this.#lastTokenMs, row, line.lastTokenMs);
    putKnown(this.#completionTokens, row, toNumber(line.fields.completionTokens));
    putKnown(this.#promptTokens, row, toNumber(line.fields.promptTokens));
    if (line.document) this.#documentSentMs.put(row, line.sentMs ?? line.startMs);
    if (line.gapsUs ?? line.gapHistogramUs ?? line.tokensBySecond) this.linePosition.put(row, position);
    if (line.uncertainGaps) this.hasUncertainGaps.put(row, 1);
  }

  /** The request without its gaps. */
  get(row: number): KeptRequest {
    const verdict = this.#verdict.get(row) as number;
    const request: KeptRequest = {
      verdict: VERDICTS[verdict % VERDICTS.length] as Verdict,
      isMeasured: verdict < VERDICTS.length,
      startMs: this.#startMs.get(row) as number,
      endMs: this.#endMs.get(row) as number,
      tokenEvents: this.#tokenEvents.get(row) as number,
      fields: {},
    };
    const firstTokenMs = this.#firstTokenMs.get(row);
    if (firstTokenMs !== undefined) request.firstTokenMs = firstTokenMs;
    const lastTokenMs = this.#lastTokenMs.get(row);
    if (lastTokenMs !== undefined) request.lastTokenMs = lastTokenMs;
    const completionTokens = this.#completionTokens.get(row);
    if (completionTokens !== undefined) request.fields.completionTokens = completionTokens;
    const promptTokens = this.#promptTokens.get(row);
    if (promptTokens !== undefined) request.fields.promptTokens = promptTokens;
    const sentMs = this.#documentSentMs.get(row);
    if (sentMs !== undefined) Object.assign(request, { document: true, sentMs });
    return request;
  }
}

function putKnown(column: ValueColumn, row: number, value: number | undefined): void {
  if (value !== undefined) column.put(row, value);
}
