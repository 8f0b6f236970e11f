// The parts of docs/schemas/summary.schema.json that follow from the table of metrics.
import { REQUEST_TRENDS, TRENDS, type Trend } from "../../../lib/core/request/trends.ts";
import { GROUP_METRICS } from "../../summary/tallies/group-tally.ts";

interface SummarySchema {
  properties: { metrics: { properties: Record<string, object> } };
  $defs: { group: { properties: { metrics: { description: string } } } };
}

/** The schema with the metrics of the table, and nothing else changed. @param text the file as it is */
export function fillSummarySchema(text: string): string {
  const schema = JSON.parse(text) as SummarySchema;
  const itl = TRENDS.filter((trend) => !REQUEST_TRENDS.includes(trend));
  schema.properties.metrics.properties = Object.fromEntries(
    [...REQUEST_TRENDS, ...itl].map((trend) => [trend.key, toProperty(trend)]),
  );
  schema.$defs.group.properties.metrics.description = `of complete requests: ${[...GROUP_METRICS, "itl"].join(", ")}`;
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function toProperty({ unit, about: { title, formula } }: Trend): object {
  return { $ref: "#/$defs/statistics", description: `${title}: ${formula} (${unit})` };
}
