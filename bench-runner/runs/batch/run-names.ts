// The names of a run of a batch: in messages, and of its folder. Pure.

export interface RunNames {
  target?: string;
  model?: string;
  workload?: string;
}

/** "vllm-local · llama-3.1-8b · high-load". */
export function toLabel({ target, model, workload }: RunNames): string {
  const parts = [target, model, workload].filter((part) => part !== undefined);
  return parts.length === 0 ? "as the options say" : parts.join(" · ");
}

/** "03-vllm-local-llama-3.1-8b-high-load", at most 80 characters. */
export function toRunFolderName(
  number: number,
  { target, model, workload }: RunNames,
  count: number,
): string {
  const words = [target, model?.split(/[\\/]/).at(-1), workload]
    .filter((part) => part !== undefined)
    .join("-");
  const slug = words
    .normalize("NFKD")
    .replace(/^https?:\/\//, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-.]+|-+$/g, "")
    .slice(0, 76);
  const digits = Math.max(2, String(count).length);
  return `${String(number).padStart(digits, "0")}-${slug || "run"}`;
}
