// The built-in workloads: the options that each sets, by key, as texts.

/** Common to all of them. */
const COMMON = { arrivals: "constant", maxTokens: "1024", temperature: "0.7", promptType: "medium" } as const;

const load = (rate: number, maxConcurrency: number, duration: number): Record<string, string> => ({
  ...COMMON,
  rate: String(rate),
  maxConcurrency: String(maxConcurrency),
  duration: String(duration),
});

export const PRESETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "low-load": load(1, 1, 300),
  "medium-load": load(5, 10, 300),
  "high-load": load(20, 50, 300),
  "stress-test": load(50, 100, 600),
};
