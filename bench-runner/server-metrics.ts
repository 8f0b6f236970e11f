// The server's Prometheus /metrics: fetched, and parsed into one number per name and label set.
import parsePrometheusTextFormat from "parse-prometheus-text-format";

interface Sample {
  value?: string;
  labels?: Record<string, string>;
}

function toKey(name: string, labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`;
}

/** "1.5", "1e3", "+Inf", "-Inf", "NaN" → a number. */
function toNumber(text: string): number {
  return Number(text.replace(/^([+-]?)Inf$/, "$1Infinity"));
}

/**
 * Prometheus text → values by name, or `name{label="value"}` where a sample has labels. What is not a finite number is
 * left out: missing, not 0.
 */
export function parseMetrics(text: string): Map<string, number> {
  // By the types in its comments the parser would put histograms together, and drop their labels.
  const samples = text.split("\n").filter((line) => !line.startsWith("#"));
  const values = new Map<string, number>();
  // Without a line end it would drop the last line.
  const families = parsePrometheusTextFormat(`${samples.join("\n")}\n`) as {
    name: string;
    metrics: Sample[];
  }[];
  for (const { name, metrics } of families) {
    for (const { labels = {}, value = "" } of metrics) {
      const number = toNumber(value);
      if (value !== "" && Number.isFinite(number)) values.set(toKey(name, labels), number);
    }
  }
  return values;
}

/** Reads things from a server; each reading is absent when the server does not answer it. */
export class ServerReader {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  /** @param url base URL, without `/v1` */
  constructor(url: string, apiKey: string | undefined) {
    this.#url = url;
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  }

  async #get(path: string, timeoutMs: number): Promise<Response> {
    return fetch(`${this.#url}${path}`, { headers: this.#headers, signal: AbortSignal.timeout(timeoutMs) });
  }

  /** Status of `/health`; undefined when nobody answers. */
  async health(): Promise<number | undefined> {
    try {
      const response = await this.#get("/health", 2_000);
      await response.arrayBuffer();
      return response.status;
    } catch {
      return undefined;
    }
  }

  /** @returns the status, or what went wrong below HTTP ("ECONNREFUSED") */
  async reach(path: string): Promise<{ status: number } | { problem: string }> {
    try {
      const response = await this.#get(path, 10_000);
      await response.arrayBuffer();
      return { status: response.status };
    } catch (error) {
      const cause = (error as { cause?: { code?: string; message?: string } }).cause;
      return { problem: cause?.code ?? cause?.message ?? (error as Error).message };
    }
  }

  async metrics(): Promise<Map<string, number> | undefined> {
    try {
      const response = await this.#get("/metrics", 5_000);
      const text = await response.text();
      return response.ok ? parseMetrics(text) : undefined;
    } catch {
      return undefined;
    }
  }

  /** A JSON object of the server: `/props`, `/v1/models`. */
  async json(path: string): Promise<Record<string, unknown> | undefined> {
    try {
      const response = await this.#get(path, 5_000);
      if (!response.ok) return undefined;
      const value: unknown = await response.json();
      return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
    } catch {
      return undefined;
    }
  }
}
