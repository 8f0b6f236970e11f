// The part for a k6 that has only the community extension.
export { createK6Metrics } from "../k6-metrics.ts";
export { openStream } from "../open-stream.ts";
