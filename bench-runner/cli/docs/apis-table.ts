// The README's table of server APIs.
import { apiOf, ENDPOINTS, pathOf } from "../../../lib/core/apis/apis.ts";
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";

/** One row an API: its name, servers, requests, and what it cannot be asked for. */
export function toApiRows(): string[][] {
  return ENDPOINTS.map((endpoint) => {
    const { servers, input, dialect, syncDialect, auth, lacks, exactLength } = apiOf(endpoint);
    const paths = new Set([pathOf({ endpoint, mode: "stream" }), pathOf({ endpoint, mode: "sync" })]);
    const without = [
      ...lacks.map((key) => `\`--${LOAD_OPTIONS[key].flag}\``),
      ...(syncDialect === undefined ? ["`--mode sync`"] : []),
      ...(exactLength ? [] : ["`--output-length exact`"]),
    ];
    return [
      `\`${endpoint}\``,
      servers,
      [...paths].map((path) => `\`POST ${path}\``).join(", "),
      input === "text" ? "text" : "messages",
      auth === "bearer" ? "bearer" : `\`${auth}\``,
      [dialect, syncDialect].flatMap((read) => (read === undefined ? [] : `\`${read.name}\``)).join(", "),
      without.join(", ") || "–",
    ];
  });
}
