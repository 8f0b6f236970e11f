// Numbers and times as the charts say them, and texts made safe for a tooltip.
import { formatNumber, formatValue, toDigits } from "../../../../lib/core/units.ts";
import type { SampledSeries } from "../../../summary/series/report-data.ts";

/** A position of an axis: "500 ms", "2.5 s". Axes have round values, so nothing is filled up with zeros. */
export function formatTick(ms: number): string {
  return ms >= 1000 ? `${toDigits(ms / 1000, 4)} s` : `${toDigits(ms, 4)} ms`;
}

export function formatMs(ms: number | undefined | null): string {
  return formatValue(ms ?? undefined, "ms");
}

/** A moment of the run: "0:42", "1:03:20"; with tenths where the run is short. */
export function formatClock(seconds: number): string {
  const tenths = Number.isInteger(seconds) ? "" : `.${Math.floor((Math.abs(seconds) * 10) % 10)}`;
  const whole = Math.floor(Math.abs(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const clock =
    minutes >= 60
      ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`
      : `${minutes}:${two(whole % 60)}`;
  const isZero = whole === 0 && /^(\.0)?$/.test(tenths);
  return `${seconds < 0 && !isZero ? "−" : ""}${clock}${tenths}`;
}

/** A value of something that was sampled, with its unit. */
export function formatSample(value: number, unit: SampledSeries["unit"]): string {
  if (unit === "bytes")
    return value >= 1e9 ? `${formatNumber(value / 1e9, "ratio")} GB` : formatValue(value, "bytes");
  if (unit === "share") return formatValue(value, "share");
  const sign = unit === "count" ? "" : ` ${unit}`;
  return `${formatNumber(value, "ratio")}${sign}`;
}

/** ECharts puts what a formatter returns into the page as HTML: labels of runs come from outside. */
export { escapeHtml as escapeText } from "../../html.ts";

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
