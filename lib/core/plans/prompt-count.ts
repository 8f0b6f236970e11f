// How many prompts a load takes, and so how many requests it sends, where no option names a number.

/** Synthetic prompts, whose number no dataset decides; and prompts for k6 alone, as in llama.cpp's server bench. */
export const DEFAULT_PROMPTS = 480;

/** More of a dataset are taken on request only: each is a line in the folder of the run. */
export const MOST_PROMPTS = 10_000;

/** The options that decide it. */
export interface PromptCountOptions {
  nPrompts?: number;
  /** Lengths of synthetic prompts. */
  promptTokens?: string;
}

/** The named number, or the largest that the load takes: a dataset may have fewer. */
export function toPromptCount({ nPrompts, promptTokens }: PromptCountOptions): number {
  return nPrompts ?? (promptTokens === undefined ? MOST_PROMPTS : DEFAULT_PROMPTS);
}

/** How many requests (or conversations) the prompts of a run come to, each sent once to every server. */
export function countPlanned(load: PromptCountOptions & { ab?: readonly string[] | undefined }): number {
  return toPromptCount(load) * (load.ab === undefined ? 1 : 2);
}
