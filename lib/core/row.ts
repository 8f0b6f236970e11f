// One row of a prepared dataset: the one form that every reader produces and every scenario consumes.

export interface Row {
  /** Unique in its file, for instance "chat-001". */
  id: string;
  /** "chat", "summarization", "question-answering", "code", or absent. */
  task?: string;
  prompt: string;
  /** Whitespace words of the dataset's own answer; absent where the dataset has none. */
  answerTokens?: number;
}
