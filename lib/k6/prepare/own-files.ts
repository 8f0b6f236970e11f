// Files beside an own scenario: its bundle lies elsewhere, so relative paths are meant from where its source is.
//
// bench-runner/load/scenario/own-scenario.ts puts these functions in the place of `open` and `import.meta.resolve`.

/** Absolute, set by the bundler. */
declare const SCENARIO_FOLDER: string;

function fromSource(path: string): string {
  return /^([/\\]|\w+:)/.test(path) ? path : `${SCENARIO_FOLDER}/${path.replace(/^\.\//, "")}`;
}

/** k6's `open`; for the init context. */
export function open(path: string, ...mode: string[]): string | ArrayBuffer {
  // Through the global object: the name alone would be this function.
  const k6 = globalThis as unknown as { open(path: string, ...mode: string[]): string | ArrayBuffer };
  return k6.open(fromSource(path), ...mode);
}

/** k6's `import.meta.resolve`. */
export function resolveOwnFile(path: string): string {
  const absolute = fromSource(path);
  return /^[/\\]/.test(absolute) ? `file://${absolute}` : absolute;
}
