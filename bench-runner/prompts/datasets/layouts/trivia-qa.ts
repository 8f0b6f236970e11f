// TriviaQA's questions. Their answers of one to three words are left out: the filter would reject them.
import type { Layout } from "../layout.ts";

export const triviaQaLayout: Layout = {
  shape: "`question` and `answer`",
  marks: [
    ["question", "question_id"],
    ["question", "answer"],
  ],
  columns: ["question"],
  template: "question-answering",
  toContent: ({ question }) =>
    typeof question === "string" ? { task: "question-answering", prompt: question } : undefined,
};
