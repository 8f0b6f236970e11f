// Keys: from variables and files alone; what is read here goes on by variable, so that no command line has it.
import { readFileSync } from "node:fs";
import { toExtraHeaders, toSecrets } from "../../lib/core/apis/headers.ts";
import { hideUrlsIn, secretParametersOf, secretsOfUrl, urlsIn } from "../../lib/core/apis/url-secrets.ts";
import { OptionError } from "../../lib/core/option-error.ts";
import { type OptionSpec, type OptionValue, parseOption } from "../../lib/core/options/option.ts";
import { LOAD_OPTIONS } from "../../lib/core/options/options.ts";
import { isSecretName } from "../../lib/core/secret-names.ts";
import { EXIT } from "../platform/exit-codes.ts";
import { systemReason, UserError } from "../platform/user-error.ts";
import { RUNNER_OPTIONS } from "./runner-options.ts";
import { secretsOfArgs, secretsOfLine } from "./secrets.ts";

type Texts = Readonly<Record<string, string | undefined>>;

export interface TakenKeys {
  /** Without the flags that brought a key or a header. */
  flags: Record<string, string>;
  /** With what they brought. */
  variables: Record<string, string | undefined>;
  /** What must not be shown. */
  secrets: string[];
}

const KEY = LOAD_OPTIONS.apiKey.variable;
const { apiKeyFile: FILE, headers: HEADERS, serverEnv: SERVER_ENV } = RUNNER_OPTIONS;
/** The options that may have a secret in them. */
const SOURCES = { ...RUNNER_OPTIONS, url: LOAD_OPTIONS.url, ab: LOAD_OPTIONS.ab };

/**
 * @param flags texts by flag
 * @throws UserError for a key file that cannot be read, for two keys, and for a secret on the command line
 */
export function takeKeys(flags: Readonly<Record<string, string>>, variables: Texts): TakenKeys {
  const { [FILE.flag]: file, [HEADERS.flag]: headers, [SERVER_ENV.flag]: serverEnv, ...others } = flags;
  const rest: Record<string, string> = others;
  const taken: Record<string, string | undefined> = { ...variables };
  if (file !== undefined) {
    taken[FILE.variable] = file;
    taken[KEY] = readKeyFile(file);
  } else if (variables[FILE.variable]) {
    if (variables[KEY]) {
      throw new UserError(
        `Expected the key in \`${KEY}\` or in the file that \`${FILE.variable}\` names, got both. Leave one out.`,
        EXIT.usage,
      );
    }
    taken[KEY] = readKeyFile(variables[FILE.variable] as string);
  }
  if (headers !== undefined) {
    for (const text of toTexts(headers, `\`--${HEADERS.flag}\``)) checkShown(text);
    taken[HEADERS.variable] = headers;
  }
  for (const { flag } of [LOAD_OPTIONS.url, LOAD_OPTIONS.ab]) {
    const text = rest[flag];
    if (text !== undefined) rest[flag] = fillAddress(flag, text, variables);
  }
  if (serverEnv !== undefined) taken[SERVER_ENV.variable] = serverEnv;
  return { flags: rest, variables: taken, secrets: findSecrets(taken, { ...flags, ...rest }) };
}

/**
 * What is secret in variables and in other options.
 * @param others texts by option key or by flag
 * @throws OptionError
 */
export function findSecrets(variables: Texts, others: Texts = {}): string[] {
  const [given] = textsOf("headers", variables, others);
  const texts = given === undefined ? [] : toTexts(given, `\`${HEADERS.variable}\``);
  const urls = (["url", "ab"] as const).flatMap((key) => textsOf(key, variables, others)).flatMap(toWords);
  const { secrets } = toExtraHeaders({ apiKey: variables[KEY] || undefined, texts, urls }, variables);
  return [...new Set([...secrets, ...findLineSecrets(variables, others)])];
}

/** Those of the commands that start a server, and of addresses of k6's outputs. */
function findLineSecrets(variables: Texts, others: Texts): string[] {
  const lines = (["serverCommand", "serverStop"] as const).flatMap((key) => textsOf(key, variables, others));
  const args = (["engineArgs", "llamaServerArgs"] as const).flatMap((key) => textsOf(key, variables, others));
  const words = textsOf("serverEnv", variables, others).flatMap(toWords);
  const ofServer = words.flatMap((word) => {
    const [name = "", value = ""] = word.split(/=(.*)/s);
    return isSecretName(name, value) ? [value] : [];
  });
  const outputs = textsOf("k6Out", variables, others).flatMap(urlsIn).flatMap(secretsOfUrl);
  const all = [...lines.flatMap(secretsOfLine), ...args.flatMap((text) => secretsOfArgs(toWords(text)))];
  return [...all, ...ofServer, ...outputs].flatMap(toSecrets);
}

/** The texts of an option, by variable, key and flag. */
function textsOf(key: keyof typeof SOURCES, variables: Texts, others: Texts): string[] {
  const { variable, flag }: OptionSpec = SOURCES[key];
  const texts = [variable && variables[variable], others[key], flag && others[flag]];
  return texts.filter((text): text is string => Boolean(text));
}

/**
 * What is secret in variables, for any command: also where they are not valid for a run, such as a header whose variable
 * is not set.
 */
export function findKnownSecrets(variables: Texts): string[] {
  const proxies = ["http_proxy", "https_proxy", "all_proxy"].flatMap((name) => [
    variables[name] ?? "",
    variables[name.toUpperCase()] ?? "",
  ]);
  const { [KEY]: key = "", HF_TOKEN: token = "", [HEADERS.variable]: _, ...others } = variables;
  const texts = [key, token, ...proxies.flatMap(secretsOfUrl)].flatMap(toSecrets);
  const sources = [() => takeKeys({}, variables).secrets, () => findSecrets(others)];
  return [...texts, ...sources.flatMap(orNone)];
}

function orNone(find: () => string[]): string[] {
  try {
    return find();
  } catch (error) {
    if (error instanceof OptionError || error instanceof UserError) return [];
    throw error;
  }
}

/**
 * An address with the variables in it filled in.
 * @throws UserError for a variable that is not set, and for a secret that the address has without one
 */
function fillAddress(flag: string, text: string, variables: Texts): string {
  const [name] = toWords(text.replaceAll(/\$\{\w+\}/g, "")).flatMap(secretParametersOf);
  if (name !== undefined) {
    throw new UserError(
      `The value of \`${name}\` in the address would appear in the process list, where everyone on this machine can read it. ` +
        `Put it into a variable, and write \`--${flag} '…?${name}=\${MY_KEY}'\` in single quotes.`,
      EXIT.usage,
    );
  }
  return text.replace(/\$\{(\w+)\}/g, (_, variable: string) => {
    const value = variables[variable];
    if (value) return value;
    throw new UserError(
      `The address in \`--${flag}\` needs the variable \`${variable}\`, which is not set.`,
      EXIT.usage,
    );
  });
}

/** What an option's text has: one word, or a JSON list of them. */
function toWords(text: string): string[] {
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words)) return words.map(String);
  } catch {
    // One word, as a variable has it.
  }
  return [text];
}

function toTexts(text: string, source: string): readonly string[] {
  return parseOption(HEADERS, text, source) as OptionValue as readonly string[];
}

/** @throws UserError for a header that carries a secret, as its name says, with the secret in it */
function checkShown(text: string): void {
  const name = text.slice(0, text.indexOf(":")).trim();
  if (!isSecretName(name) || /\$\{\w+\}/.test(text)) return;
  throw new UserError(
    `The value of the header \`${name}\` would appear in the process list, where everyone on this machine can read it. ` +
      `Put it into a variable, and write \`--header '${name}: \${MY_KEY}'\` in single quotes.`,
    EXIT.usage,
  );
}

/** @throws UserError */
function readKeyFile(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(
      `The key file \`${path}\` cannot be read: ${systemReason(error)}. Correct \`--${FILE.flag}\` (\`${FILE.variable}\`).`,
      EXIT.usage,
    );
  }
  const key =
    text
      .split(/\r?\n/, 1)[0]
      ?.replace(/^\uFEFF/, "")
      .trim() ?? "";
  // A header must be able to carry the key.
  if (/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(key)) return key;
  const reason = key === "" ? "its first line is empty" : "its first line is not plain text";
  throw new UserError(`The key file \`${path}\` has no key: ${reason}. Put the key there.`, EXIT.usage);
}

/** @throws UserError for `--api-key`, which is not supported, before its value can be printed */
export function refuseKeyFlag(args: readonly string[]): void {
  const isKey = (arg: string, index: number) =>
    /^--(api-?key|key|token)(=|$)/i.test(arg) && args[index - 1] !== "--llama-server-arg";
  if (!args.some(isKey)) return;
  throw new UserError(
    `Keys cannot be given by flag: every command line appears in the process list, where everyone on this machine can read it. ` +
      `Put the key into the variable \`${KEY}\`, or into a file: \`--${FILE.flag} FILE\`.`,
    EXIT.usage,
  );
}

/** Variables without those that are secret: each has to be set again before the command is run again. */
export function hideSecretVariables(variables: Readonly<Record<string, string>>): Record<string, string> {
  const specs = [...Object.values<OptionSpec>(LOAD_OPTIONS), ...Object.values<OptionSpec>(RUNNER_OPTIONS)];
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([name]) => !specs.some(({ variable, secret }) => secret === true && variable === name))
      // A variable may be a list of addresses.
      .map(([name, value]) => [name, hideUrlsIn(value)]),
  );
}
