// Types of scenario-bundle.mjs.

export const LARGEST_SCENARIO_BYTES: number;

/** Those of esbuild's settings that scenarios share; an object of its own, so that types need no esbuild. */
export interface ScenarioSettings {
  bundle: true;
  format: "esm";
  platform: "browser";
  target: string;
  external: string[];
  minify: true;
  metafile: true;
  define: Record<string, string>;
}

export function toScenarioSettings(partsFolder: string): ScenarioSettings;

export function findPackage(
  inputs: readonly string[],
  workingFolder: string,
  projectRoot: string,
): string | undefined;
