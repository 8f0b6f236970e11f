// Upper bounds of the histograms' buckets in seconds: about 20 each, closest together where LLM servers usually are.

/** From a cached prompt on a GPU to a queue that takes minutes. */
export const TTFT_BUCKETS: number[] = [
  ...[0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75],
  ...[1, 1.5, 2, 3, 5, 7.5, 10, 20, 30, 60, 120, 300],
];

/** From 1,000 tokens/s for a user to one token in 5 s. */
export const TPOT_BUCKETS: number[] = [
  ...[0.001, 0.0025, 0.005, 0.0075, 0.01, 0.0125, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05],
  ...[0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5, 5],
];

/** From an answer of a few words to the default total timeout. */
export const E2E_BUCKETS: number[] = [
  ...[0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10],
  ...[15, 20, 30, 45, 60, 90, 120, 180, 300, 600],
];
