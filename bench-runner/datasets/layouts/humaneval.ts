// HumanEval's unfinished Python functions: a prompt asks to complete one. Words of the solution say nothing and are left out.
import type { Layout } from "../layout.ts";

export const humanevalLayout: Layout = {
  shape: "`task_id`, `prompt` and `entry_point`",
  // Rows of one's own may well have a `task_id`, and must not be taken for unfinished functions.
  marks: [["task_id", "prompt", "entry_point"]],
  columns: ["prompt"],
  toContent({ prompt }) {
    if (typeof prompt !== "string") return undefined;
    return {
      task: "code",
      prompt: `Complete this Python function. Answer with the whole function and nothing else.\n\n\`\`\`python\n${prompt.trimEnd()}\n\`\`\``,
    };
  },
};
