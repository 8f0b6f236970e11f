// The script and the style of report.html, as build.mjs has made them.
import { readFileSync } from "node:fs";
import { inProject } from "../project-root.ts";
import { systemReason, UserError } from "../user-error.ts";
import type { PageParts } from "./render-report.ts";

/** @throws UserError where they were not built */
export function readPageParts(): PageParts {
  return { script: readPart("report.js"), style: readPart("report-style.css") };
}

function readPart(name: string): string {
  const path = inProject("dist", "page", name);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${systemReason(error)}. Run \`npm run build\`.`);
  }
}
