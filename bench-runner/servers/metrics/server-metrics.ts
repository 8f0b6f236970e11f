// The server's Prometheus /metrics: fetched, and parsed into one number per name and label set.
import { endpointUrl } from "../../../lib/core/apis/url.ts";
import { type Access, OPEN_ACCESS } from "../../platform/access.ts";
import { requestServer, type ServerAnswer } from "../../platform/server-request.ts";
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
  readonly #access: Access;

  /** @param url as the user gives it */
  constructor(url: string, access: Access = OPEN_ACCESS) {
    this.#url = url;
    this.#access = access;
  }

  async #get(path: string, timeoutMs: number): Promise<ServerAnswer> {
    return requestServer(endpointUrl(this.#url, path), this.#access, { timeoutMs });
  }

  /** Status of `/health`; undefined when nothing answers. */
  async health(): Promise<number | undefined> {
    try {
      return (await this.#get("/health", 2_000)).status;
    } catch {
      return undefined;
    }
  }

  async metrics(): Promise<Map<string, number> | undefined> {
    try {
      const { status, text } = await this.#get("/metrics", 5_000);
      return isOk(status) ? parseMetrics(text) : undefined;
    } catch {
      return undefined;
    }
  }

  /** A JSON object of the server: `/props`, `/v1/models`. */
  async json(path: string): Promise<Record<string, unknown> | undefined> {
    try {
      const { status, text } = await this.#get(path, 5_000);
      const value: unknown = isOk(status) ? JSON.parse(text) : undefined;
      return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
    } catch {
      return undefined;
    }
  }
}

const isOk = (status: number) => status >= 200 && status < 300;
