// Files of a user's scenario: relative paths start from the folder of its source, although the bundle is elsewhere.
//
// bench-runner/load/scenario/own-scenario.ts replaces `open` and `import.meta.resolve` with these functions.

/** Absolute, set by the bundler. */
declare const SCENARIO_FOLDER: string;

function fromSource(path: string): string {
  return /^([/\\]|\w+:)/.test(path) ? path : `${SCENARIO_FOLDER}/${path.replace(/^\.\//, "")}`;
}

/** k6's `open`; for the init context. */
export function open(path: string, ...mode: string[]): string | ArrayBuffer {
  // Through the global object: the name alone refers to this function.
  const k6 = globalThis as unknown as { open(path: string, ...mode: string[]): string | ArrayBuffer };
  return k6.open(fromSource(path), ...mode);
}

/** k6's `import.meta.resolve`. */
export function resolveOwnFile(path: string): string {
  const absolute = fromSource(path);
  return /^[/\\]/.test(absolute) ? `file://${absolute}` : absolute;
}
