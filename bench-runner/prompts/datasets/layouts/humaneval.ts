// HumanEval's unfinished Python functions: the prompt asks to complete one. The length of the solution in words is meaningless and left out.
import type { Layout } from "../layout.ts";

export const humanevalLayout: Layout = {
  shape: "`task_id`, `prompt` and `entry_point`",
  // A user's own rows may have a `task_id`, and must not be read as unfinished functions.
  marks: [["task_id", "prompt", "entry_point"]],
  columns: ["prompt"],
  template: "code",
  toContent: ({ prompt }) => (typeof prompt === "string" ? { task: "code", prompt } : undefined),
};
