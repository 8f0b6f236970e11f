// What the user requests: a name of the table, a file on the Hugging Face hub, or any address. Pure.
import { EXIT } from "../../../platform/exit-codes.ts";
import { UserError } from "../../../platform/user-error.ts";
import { findKnown, KNOWN_NAMES } from "../known-datasets.ts";

export const HUB_ENDPOINT = "https://huggingface.co";
const DEFAULT_REVISION = "main";

export interface HubSource {
  kind: "hub";
  /** Name in the table; absent for any other file. */
  name?: string;
  /** "OWNER/REPO" */
  repo: string;
  /** In the repository, not encoded; `*` for any characters except a slash; empty if the user named none. */
  file: string;
  /** A branch, a tag or a commit. */
  revision: string;
}

export interface UrlSource {
  kind: "url";
  url: string;
}

export type FetchSource = HubSource | UrlSource;

/**
 * The hub's address without a trailing slash: HF_ENDPOINT, or the public one.
 * @throws UserError unless it is an http(s) address
 */
export function toEndpoint(variables: Readonly<Record<string, string | undefined>>): string {
  const given = variables.HF_ENDPOINT?.trim() || HUB_ENDPOINT;
  if (!/^https?:\/\/[^/?#@]+(\/[^?#]*)?$/i.test(given) || !URL.canParse(given)) {
    throw new UserError(
      "HF_ENDPOINT is not an address of a hub. Expected one such as `https://huggingface.co`.",
      EXIT.usage,
    );
  }
  return given.replace(/\/+$/, "");
}

/** `hf://datasets/OWNER/REPO@REVISION/FILE`, the revision and the file being optional. */
const HF_ADDRESS = /^hf:\/\/datasets\/([^/]+\/[^/@]+)(?:@([^/]+))?(?:\/(.*))?$/;

/** The parts of OWNER/REPO/FILE; undefined if a part is empty or leads out of the repository. */
function splitPath(path: string): { repo: string; file: string } | undefined {
  const parts = path.replace(/\/+$/, "").split("/");
  if (parts.length < 2 || parts.some((part) => part === "" || part === "." || part === ".."))
    return undefined;
  if (!parts.slice(0, 2).every((part) => /^[\w.-]+$/.test(part))) return undefined;
  return { repo: parts.slice(0, 2).join("/"), file: parts.slice(2).join("/") };
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** `…/datasets/OWNER/REPO/resolve/REVISION/FILE` and the pages `blob` and `raw`; undefined for other addresses. */
function fromHubUrl(url: URL, endpoint: string): HubSource | undefined {
  const base = [endpoint, HUB_ENDPOINT].find((hub) =>
    `${url.origin}${url.pathname}`.startsWith(`${hub}/datasets/`),
  );
  if (base === undefined) return undefined;
  const rest = `${url.origin}${url.pathname}`.slice(`${base}/datasets/`.length);
  const [, repo = "", revision, file = ""] =
    /^([^/]+\/[^/]+)(?:\/(?:resolve|blob|raw|tree)\/([^/]+)(?:\/(.*))?)?\/?$/.exec(rest) ?? [];
  const parts = splitPath(decode(`${repo}/${file}`));
  return parts && { kind: "hub", ...parts, revision: decode(revision ?? DEFAULT_REVISION) };
}

function fromUrl(text: string, endpoint: string, revision: string | undefined): FetchSource {
  if (!URL.canParse(text)) throw new UserError(`\`${text}\` is not an address. Check it.`, EXIT.usage);
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new UserError(
      `The address of ${url.host} has a user name or a password, which process lists would show. Fetch the file with another program.`,
      EXIT.usage,
    );
  }
  const onHub = fromHubUrl(url, endpoint);
  if (onHub !== undefined) return revision === undefined ? onHub : { ...onHub, revision };
  if (revision !== undefined) {
    throw new UserError(
      `\`--revision\` is for files of a hub, not for ${url.host}. Leave it out.`,
      EXIT.usage,
    );
  }
  url.hash = "";
  return { kind: "url", url: url.href };
}

/**
 * @param text NAME, OWNER/REPO/FILE, `hf://datasets/OWNER/REPO/FILE` or an address
 * @throws UserError for anything else
 */
export function toFetchSource(
  text: string,
  options: { endpoint: string; revision?: string | undefined },
): FetchSource {
  const { endpoint, revision } = options;
  const known = findKnown(text);
  if (known !== undefined) {
    return {
      kind: "hub",
      name: text,
      repo: known.repo,
      file: known.file,
      revision: revision ?? DEFAULT_REVISION,
    };
  }
  if (/^https?:\/\//i.test(text)) return fromUrl(text, endpoint, revision);
  const [, repo, atRevision, file] = HF_ADDRESS.exec(text) ?? [];
  const isPlain = repo === undefined && !text.includes("://");
  const parts = isPlain ? splitPath(text) : repo && splitPath(`${repo}/${file ?? ""}`);
  if (!parts) {
    throw new UserError(
      `\`${text}\` is not a dataset that can be fetched. Expected one of ${KNOWN_NAMES}, or \`OWNER/REPO/path/in/repo\` on the Hugging Face hub, or an http(s) address.`,
      EXIT.usage,
    );
  }
  return {
    kind: "hub",
    ...parts,
    revision: revision ?? (atRevision === undefined ? DEFAULT_REVISION : decode(atRevision)),
  };
}

/** How messages name it. */
export function describeSource(source: FetchSource): string {
  if (source.kind === "url") return source.url.replace(/\?.*$/s, "");
  return source.file === "" ? source.repo : `${source.repo}/${source.file}`;
}
