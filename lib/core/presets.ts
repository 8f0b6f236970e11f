// Loads with a name, with all that they stand for. By option key, as texts.

/** What every one of them has. */
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

/** What each of them is for. */
export const PRESET_DOCS: Readonly<Record<string, string>> = {
  "low-load": "one user who looks around: 1 request a second, 1 at a time, 5 minutes",
  "medium-load": "an ordinary day: 5 a second, 10 at a time, 5 minutes",
  "high-load": "the busiest hour: 20 a second, 50 at a time, 5 minutes",
  "stress-test": "where the limits are: 50 a second, 100 at a time, 10 minutes",
};
