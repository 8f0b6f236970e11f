// Where `baseline save` writes when nobody names a file.

/** In the current directory. */
export const BASELINE_FILE = "baseline.json";
