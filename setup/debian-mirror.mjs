// Finds the mirror that this Debian system uses, in either format of apt's sources, without asking any network.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { findOnPath } from "./command.mjs";

/**
 * The system's own Debian mirror as `{ uri, signedBy? }` (`signedBy` as in the sources, a path or a key),
 * or undefined where this is no Debian with apt.
 */
export async function debianMirror(etc = "/etc") {
  const release = await readFile(join(etc, "os-release"), "utf8").catch(() => "");
  if (!/^ID="?debian"?$/m.test(release) || !findOnPath("apt-get") || !findOnPath("dpkg-deb"))
    return undefined;
  const entries = [];
  for (const file of await sourcesFiles(join(etc, "apt"))) {
    const text = await readFile(file, "utf8").catch(() => "");
    entries.push(...(file.endsWith(".sources") ? parseDeb822(text) : parseOneLine(text)));
  }
  return pickMirror(entries);
}

/** Debian proper also has a suite with updates; other archives that use the same suite names have none. */
export function pickMirror(entries) {
  const score = (entry) =>
    (entries.some(
      (other) => other.uri === entry.uri && other.suites.some((suite) => suite.endsWith("-updates")),
    )
      ? 4
      : 0) +
    (/debian-archive/.test(entry.signedBy ?? "") ? 2 : 0) +
    (/\/debian$/.test(entry.uri) ? 1 : 0);
  const candidates = entries.filter(
    (entry) => entry.components.includes("main") && !entry.suites.some((suite) => suite.includes("security")),
  );
  const best = candidates.sort((a, b) => score(b) - score(a))[0];
  return best && score(best) > 0 ? { uri: best.uri, signedBy: best.signedBy } : undefined;
}

/** The same mirror with another suite, in the deb822 format. */
export function toSourcesEntry({ uri, signedBy }, suite) {
  const lines = ["Types: deb", `URIs: ${uri}`, `Suites: ${suite}`, "Components: main"];
  if (signedBy) lines.push(`Signed-By: ${signedBy}`);
  return `${lines.join("\n")}\n`;
}

async function sourcesFiles(apt) {
  const parts = await readdir(join(apt, "sources.list.d")).catch(() => []);
  const wanted = parts.filter((name) => /\.(list|sources)$/.test(name)).sort();
  return [join(apt, "sources.list"), ...wanted.map((name) => join(apt, "sources.list.d", name))];
}

/** Paragraphs of `Key: value`, where a value goes on in lines that start with a space. */
export function parseDeb822(text) {
  return text.split(/\n\s*\n/).flatMap((paragraph) => {
    const body = paragraph.replace(/^#.*\n?/gm, "");
    const fields = {};
    for (const [, key, value] of body.matchAll(/^([\w-]+):(.*(?:\n[ \t].*)*)/gm))
      fields[key.toLowerCase()] = value.trim();
    if (!/\bdeb\b/.test((fields.types ?? "").replace("deb-src", "")) || fields.enabled === "no") return [];
    return words(fields.uris).map((uri) => ({
      uri: uri.replace(/\/+$/, ""),
      suites: words(fields.suites),
      components: words(fields.components),
      signedBy: fields["signed-by"],
    }));
  });
}

/** Lines of `deb [options] URI suite component…`. */
export function parseOneLine(text) {
  return [...text.matchAll(/^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)$/gm)].map(
    ([, options, uri, suite, rest]) => ({
      uri: uri.replace(/\/+$/, ""),
      suites: [suite],
      components: words(rest.replace(/#.*/, "")),
      signedBy: /signed-by=(\S+)/.exec(options ?? "")?.[1],
    }),
  );
}

function words(text = "") {
  return text.split(/\s+/).filter((word) => word !== "");
}
