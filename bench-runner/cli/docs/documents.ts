// The project's documents in Markdown.
import { readdirSync } from "node:fs";
import { inProject } from "../../platform/project-root.ts";

const FOLDERS = [".", "docs", "docs/design"];

/** Paths from the project's root, such as `docs/options.md`. */
export function findDocuments(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(inProject(folder))
      .filter((name) => name.endsWith(".md"))
      .sort()
      .map((name) => (folder === "." ? name : `${folder}/${name}`)),
  );
}
