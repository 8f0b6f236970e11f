// The form of an answer as chat completions ask for it (`response_format`), in the words of other APIs.

interface ResponseFormat {
  type: string;
  json_schema?: { schema?: object };
}

/** OpenAI responses: what is inside `json_schema` stands beside the type. */
export function toResponsesText(form: unknown): { format: object } {
  const { json_schema: named, ...others } = form as ResponseFormat;
  return { format: { ...others, ...named } };
}

/** Ollama: `json`, or the schema itself; undefined for plain text. */
export function toOllamaFormat(form: unknown): unknown {
  const { type, json_schema: named } = form as ResponseFormat;
  return type === "text" ? undefined : (named?.schema ?? "json");
}
