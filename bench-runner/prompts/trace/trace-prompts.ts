// The requests of a trace as rows: synthetic prompts with its lengths and shared blocks. Pure.
import type { Schedule } from "../../../lib/core/plans/schedule.ts";
import type { Row } from "../../../lib/core/prompts/row.ts";

/**
 * One row per arrival, in order; undefined for a schedule without lengths. A trace has the lengths of prompt and answer,
 * not their texts; a system message would make the prompt longer.
 */
export function toTraceRows({ promptTokens, outputTokens, promptBlocks }: Schedule): Row[] | undefined {
  return promptTokens?.map((words, index) => {
    const blocks = promptBlocks?.[index];
    const output = outputTokens?.[index];
    return {
      id: `trace-${index}`,
      prompt: "",
      system: "",
      synthetic: { words, index, ...(blocks && { blocks }) },
      ...(output !== undefined && { outputTokens: output }),
    };
  });
}

/** How many of the blocks occurred in an earlier prompt: what a prefix cache could find. */
export function describeBlocks({ promptBlocks }: Schedule): string | undefined {
  if (promptBlocks === undefined) return undefined;
  const all = promptBlocks.flatMap((blocks) => blocks ?? []);
  const again = all.length - new Set(all).size;
  return `${again} of the ${all.length} blocks of 512 tokens were in an earlier prompt.`;
}
