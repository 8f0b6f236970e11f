// The part for a k6 that has only the community extension.
export { k6Metrics } from "../k6-metrics.ts";
export { openStream } from "../open-stream.ts";
