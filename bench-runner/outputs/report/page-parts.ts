// The scripts and the style of the pages, as built by build.mjs.
import { readFileSync } from "node:fs";
import { inProject } from "../../platform/project-root.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import type { PageParts } from "./html/document.ts";

/**
 * @param page `report`, a page of charts, or the page of `--listen`
 * @throws UserError if they were not built
 */
export function readPageParts(page: "report" | "chart-page" | "live"): PageParts {
  const style = page === "live" ? "live-style.css" : "report-style.css";
  return { script: readPart(`${page}.js`), style: readPart(style) };
}

function readPart(name: string): string {
  const path = inProject("dist", "page", name);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${systemReason(error)}. Run \`npm run build\`.`);
  }
}
