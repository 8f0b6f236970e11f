// CNN / Daily Mail articles with their highlights: a prompt asks for a summary of the article.
import { countWords } from "../../../lib/core/row-filter.ts";
import type { Layout } from "../layout.ts";

export const cnnDailymailLayout: Layout = {
  shape: "`article` and `highlights`",
  marks: [["article", "highlights"]],
  columns: ["article", "highlights"],
  toContent({ article, highlights }) {
    if (typeof article !== "string" || typeof highlights !== "string") return undefined;
    return {
      task: "summarization",
      prompt: `Summarize this article in three or four short sentences.\n\n${article}`,
      answerTokens: countWords(highlights),
    };
  },
};
