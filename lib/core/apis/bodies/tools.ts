// Tools as chat completions have them, in the form of other APIs; what has another form is left as it is.

interface ChatTool {
  type: "function";
  function: { name: string; description?: string; parameters?: object; strict?: boolean };
}

function isChatTool(tool: unknown): tool is ChatTool {
  return typeof tool === "object" && tool !== null && "function" in tool;
}

/** OpenAI responses: the function's fields beside its type. */
export function toResponsesTool(tool: unknown): unknown {
  return isChatTool(tool) ? { type: "function", ...tool.function } : tool;
}

/** Anthropic: what the parameters are is the `input_schema`. */
export function toMessagesTool(tool: unknown): unknown {
  if (!isChatTool(tool)) return tool;
  const { name, description, parameters = { type: "object" } } = tool.function;
  return { name, ...(description !== undefined && { description }), input_schema: parameters };
}
