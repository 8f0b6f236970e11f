// HumanEval's unfinished Python functions: the prompt asks to complete one. Words of the solution say nothing and are left out.
import type { Layout } from "../layout.ts";

export const humanevalLayout: Layout = {
  shape: "`task_id`, `prompt` and `entry_point`",
  // Rows of one's own may well have a `task_id`, and must not be taken for unfinished functions.
  marks: [["task_id", "prompt", "entry_point"]],
  columns: ["prompt"],
  template: "code",
  toContent: ({ prompt }) => (typeof prompt === "string" ? { task: "code", prompt } : undefined),
};
