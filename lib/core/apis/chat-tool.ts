// Tools and the choice among them as chat completions have them, for APIs with another form.

export interface ChatTool {
  type: "function";
  function: { name: string; description?: string; parameters?: object; strict?: boolean };
}

export function isChatTool(tool: unknown): tool is ChatTool {
  return typeof tool === "object" && tool !== null && "function" in tool;
}

/** Each tool of a row's list changed; undefined for what is no list. */
export function mapTools(list: unknown, change: (tool: unknown) => unknown): unknown {
  return Array.isArray(list) ? list.map(change) : undefined;
}

/** The name of the one function that a `tool_choice` demands; undefined for "auto", "none" and "required". */
export function chosenTool(choice: unknown): string | undefined {
  return (choice as { function?: { name?: string } } | undefined)?.function?.name;
}
