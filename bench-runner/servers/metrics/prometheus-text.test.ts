import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePrometheusText } from "./prometheus-text.ts";

const text = (name: string) =>
  readFileSync(new URL(`../../../test/fixtures/metrics/${name}.txt`, import.meta.url), "utf8");
const values = (given: string) => parsePrometheusText(given).map(({ name, value }) => [name, value]);

describe("the format's published example", () => {
  const samples = parsePrometheusText(text("exposition-format"));
  const of = (wanted: string) => samples.filter(({ name }) => name === wanted);

  test("has 20 samples", () => {
    expect(samples).toHaveLength(20);
  });

  test("has labels, values and timestamps", () => {
    expect(of("http_requests_total")).toEqual([
      {
        name: "http_requests_total",
        labels: [
          ["method", "post"],
          ["code", "200"],
        ],
        value: 1027,
        timestampMs: 1_395_066_363_000,
      },
      {
        name: "http_requests_total",
        labels: [
          ["method", "post"],
          ["code", "400"],
        ],
        value: 3,
        timestampMs: 1_395_066_363_000,
      },
    ]);
  });

  test("has escapes in label values", () => {
    expect(of("msdos_file_access_time_seconds")).toEqual([
      {
        name: "msdos_file_access_time_seconds",
        labels: [
          ["path", "C:\\DIR\\FILE.TXT"],
          ["error", 'Cannot find file:\n"FILE.TXT"'],
        ],
        value: 1.458255915e9,
      },
    ]);
  });

  test("has a line without labels, and infinity at a time before the epoch", () => {
    expect(of("metric_without_timestamp_and_labels")).toMatchObject([{ labels: [], value: 12.47 }]);
    expect(of("something_weird")).toMatchObject([{ value: Infinity, timestampMs: -3_982_045 }]);
  });

  test("has every line of its histogram and its summary", () => {
    const buckets = of("http_request_duration_seconds_bucket");
    expect(buckets.map(({ labels, value }) => [labels[0]?.[1], value])).toEqual([
      ["0.05", 24_054],
      ["0.1", 33_444],
      ["0.2", 100_392],
      ["0.5", 129_389],
      ["1", 133_988],
      ["+Inf", 144_320],
    ]);
    expect(of("http_request_duration_seconds_sum")).toMatchObject([{ value: 53_423 }]);
    expect(of("http_request_duration_seconds_count")).toMatchObject([{ value: 144_320 }]);
    const quantiles = of("telemetry_requests_metrics_latency_microseconds");
    expect(quantiles.map(({ value }) => value)).toEqual([3102, 3272, 4773, 9001, 76_656]);
    expect(of("telemetry_requests_metrics_latency_microseconds_sum")).toMatchObject([{ value: 17_560_473 }]);
    expect(of("telemetry_requests_metrics_latency_microseconds_count")).toMatchObject([{ value: 2693 }]);
  });
});

describe("what the format allows", () => {
  test.each([
    ["NaN", NaN],
    ["Nan", NaN],
    ["+Inf", Infinity],
    ["-Inf", -Infinity],
    ["Inf", Infinity],
    ["-1.5e-3", -0.0015],
    ["1.", 1],
    [".5", 0.5],
    ["+7", 7],
  ])("the value %s", (given, value) => {
    expect(values(`a ${given}\n`)).toEqual([["a", value]]);
  });

  test.each([
    ["blanks and tabs between all tokens", ' \ta { x = "1" ,\ty = "2" , } \t3\t4 \t', { x: "1", y: "2" }],
    ["a blank after the comma", 'a{x="1", y="2"} 3', { x: "1", y: "2" }],
    ["a comma at the end", 'a{x="1",} 3', { x: "1" }],
    ["no label in the braces", "a{} 3", {}],
    ["no blank before the value", 'a{x="1"}3', { x: "1" }],
    ["braces, commas and signs in a value", 'a{x="},{=#"} 3', { x: "},{=#" }],
    ["a backslash before another character", String.raw`a{x="\d\\n"} 3`, { x: String.raw`\d\n` }],
    ["an empty value", 'a{x=""} 3', { x: "" }],
    ["any UTF-8 in a value", 'a{x="größe 🙂"} 3', { x: "größe 🙂" }],
    ["the end of a line as on Windows", 'a{x="1"} 3\r', { x: "1" }],
    ["a quoted name, as Prometheus 3 has them", '{"a",x="1","y.z"="2"} 3', { x: "1", "y.z": "2" }],
  ])("%s", (_sentence, line, labels) => {
    const samples = parsePrometheusText(line);
    expect(samples).toMatchObject([{ name: "a", value: 3 }]);
    expect(Object.fromEntries(samples[0]?.labels ?? [])).toEqual(labels);
  });

  test("empty lines, comments in any place, names without TYPE, no line end at the end", () => {
    expect(values("\n \n# just so\n  #TYPE\n# HELP\na 1\n\n# TYPE b nonsense here\nb 2")).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
  });
});

test.each([
  ["no value", "a"],
  ["no value after labels", 'a{x="1"}'],
  ["a value that is no number", "a one"],
  ["a value with a unit", "a 1ms"],
  ["more than a timestamp", "a 1 2 3"],
  ["a timestamp that is no whole number", "a 1 2.5"],
  ["a label without a value", "a{x} 1"],
  ["a value without quotes", "a{x=1} 1"],
  ["quotes that do not end", 'a{x="1} 1'],
  ["braces that do not end", 'a{x="1" 1'],
  ["labels without a comma between", 'a{x="1" y="2"} 1'],
  ["a comma alone", "a{,} 1"],
  ["a name that begins with a digit", "1a 1"],
  ["a name with a sign", "a-b 1"],
  ["labels without a name", '{x="1"} 1'],
  ["two names", 'a{"b"} 1'],
  ["another language", "<html><body>502 Bad Gateway</body></html>"],
])("%s loses its line and no other", (_sentence, line) => {
  expect(values(`before 1\n${line}\nafter 2\n`)).toEqual([
    ["before", 1],
    ["after", 2],
  ]);
});

test("whatever labels and values are written, they are read again", () => {
  const withEscapes = (value: string) =>
    value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  const label = fc.tuple(fc.stringMatching(/^[a-zA-Z_]\w{0,5}$/), fc.string({ unit: "grapheme" }));
  const sample = fc.tuple(fc.stringMatching(/^[a-z:_][\w:]{0,5}$/), fc.array(label), fc.double());
  fc.assert(
    fc.property(fc.array(sample), (samples) => {
      const lines = samples.map(([name, labels, value]) => {
        const number = String(value).replace("Infinity", "Inf");
        return `${name}{${labels.map(([key, of]) => `${key}="${withEscapes(of)}"`).join(",")}} ${number}\n`;
      });
      const read = parsePrometheusText(lines.join(""));
      expect(read.map(({ name, labels, value }) => [name, labels, value])).toEqual(
        samples.map(([name, labels, value]) => [name, labels, Object.is(value, -0) ? 0 : value]),
      );
    }),
  );
});
