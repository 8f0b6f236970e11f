// The requests of a trace as rows: prompts of the recorded lengths, with the parts they had in common. Pure.
import type { Schedule } from "../../../lib/core/plans/schedule.ts";
import type { Row } from "../../../lib/core/prompts/row.ts";

/**
 * One row an arrival, in their order; undefined for a schedule that says nothing of lengths. A trace says how long prompt
 * and answer were, and not what they said; a system message would make the prompt longer.
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

/** How many of the blocks were there before, in an earlier prompt: what a prefix cache could find. */
export function describeBlocks({ promptBlocks }: Schedule): string | undefined {
  if (promptBlocks === undefined) return undefined;
  const all = promptBlocks.flatMap((blocks) => blocks ?? []);
  const again = all.length - new Set(all).size;
  return `${again} of the ${all.length} blocks of 512 tokens were in an earlier prompt.`;
}
