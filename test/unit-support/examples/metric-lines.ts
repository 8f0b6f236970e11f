// Parses Prometheus's text format, for the tests of the runner's /metrics.

/** A sample's labels and value. */
export interface MetricLine {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** The samples of a text whose labels contain no quotes. */
export function readMetricLines(text: string): MetricLine[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || line.startsWith("#")) return [];
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** The sum over all samples of a name that have at least these labels. */
export function sumOf(text: string, name: string, labels: Record<string, string> = {}): number {
  const wanted = Object.entries(labels);
  return readMetricLines(text)
    .filter((line) => line.name === name && wanted.every(([key, value]) => line.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}
