// The colours of charts: the same in both themes by meaning, each with a contrast of 3:1 at least to its background.
import type { SeriesColour } from "./chart-spec.ts";

export interface Theme {
  name: "light" | "dark";
  surface: string;
  text: string;
  muted: string;
  line: string;
  shade: string;
  /** Series in their order; dashes and symbols distinguish them, too. */
  series: readonly string[];
  bad: string;
  badShade: string;
}

export const LIGHT: Theme = {
  name: "light",
  surface: "#ffffff",
  text: "#1b2430",
  muted: "#556070",
  line: "#d9dfe7",
  shade: "rgba(85, 96, 112, 0.14)",
  series: ["#1f5fbf", "#b45309", "#0f766e", "#7c3aed", "#be185d", "#4b5563"],
  bad: "#b91c1c",
  badShade: "rgba(185, 28, 28, 0.12)",
};

export const DARK: Theme = {
  name: "dark",
  surface: "#161d27",
  text: "#e6ebf2",
  muted: "#a3aebd",
  line: "#303b4a",
  shade: "rgba(163, 174, 189, 0.16)",
  series: ["#7cb4ff", "#f5a64b", "#4fd1bd", "#c3a5ff", "#ff8fc0", "#a3aebd"],
  bad: "#ff8a80",
  badShade: "rgba(255, 138, 128, 0.18)",
};

/** Dashes of lines in the order of the colours. */
export const DASHES: readonly ("solid" | "dashed" | "dotted" | number[])[] = [
  "solid",
  [7, 4],
  [2, 3],
  [10, 3, 2, 3],
  [14, 4],
  [1, 5],
];

/** Symbols in the same order. */
export const SYMBOLS: readonly string[] = ["circle", "rect", "triangle", "diamond", "roundRect", "pin"];

/** Colours repeat after the last one. */
export function colourOf(theme: Theme, colour: SeriesColour): string {
  return colour === "bad" ? theme.bad : (theme.series[colour % theme.series.length] as string);
}
