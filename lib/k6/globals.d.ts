// Globals of k6 that @types/k6 leaves to the DOM's types.

declare const console: Record<"debug" | "info" | "warn" | "error", (message: string) => void>;
