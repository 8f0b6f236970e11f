// Types of parse-prometheus-text-format, which brings none.
declare module "parse-prometheus-text-format" {
  export default function parsePrometheusTextFormat(text: string): unknown[];
}
