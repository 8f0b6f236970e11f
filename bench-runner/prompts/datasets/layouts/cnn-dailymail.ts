// CNN / Daily Mail articles with their highlights: the prompt asks for a summary of the article.
import { countWords } from "../../../../lib/core/prompts/row-filter.ts";
import type { Layout } from "../layout.ts";

export const cnnDailymailLayout: Layout = {
  shape: "`article` and `highlights`",
  marks: [["article", "highlights"]],
  columns: ["article", "highlights"],
  template: "summarization",
  toContent({ article, highlights }) {
    if (typeof article !== "string" || typeof highlights !== "string") return undefined;
    return {
      task: "summarization",
      prompt: article,
      answer: highlights,
      answerTokens: countWords(highlights),
    };
  },
};
