// The server's Prometheus /metrics: fetched, and parsed into one number per name and label set.
import { parsePrometheusText } from "./prometheus-text.ts";

/**
 * Prometheus text → values by name, or `name{label="value"}` where a sample has labels (values as in JSON). What is not a
 * finite number is left out: missing, not 0.
 */
export function parseMetrics(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const { name, labels, value } of parsePrometheusText(text)) {
    const pairs = labels.map(([label, of]) => `${label}=${JSON.stringify(of)}`);
    const key = pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`;
    if (Number.isFinite(value)) values.set(key, value);
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
