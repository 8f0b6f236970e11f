// The golden vectors as the TypeScript side reads them: facts in, metrics out.
import { readdirSync, readFileSync } from "node:fs";
import type { Facts } from "../../lib/core/request/facts.ts";
import { type RequestDetails, toRequestDetails } from "../../lib/core/request/request-details.ts";

export interface Vector {
  path: URL;
  name: string;
  dialect: string;
  /** What follows from bytes and times. */
  facts: Partial<Facts>;
  /** The other facts, as the transport gives them. */
  given: Partial<Facts>;
  metrics: RequestDetails;
}

export function readVectors(): Vector[] {
  const folder = new URL("./", import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => {
      const path = new URL(file, folder);
      return { path, ...JSON.parse(readFileSync(path, "utf8")) };
    });
}

/** The metrics of a vector's facts, as the code derives them now. */
export function derive({ given, facts }: Vector): RequestDetails {
  return toRequestDetails({ ...given, ...facts } as Facts);
}

/** To nine digits: floating-point noise is no difference. */
export function toRounded(metrics: RequestDetails): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(metrics, (_, value) => (typeof value === "number" ? Number(value.toPrecision(9)) : value)),
  );
}
