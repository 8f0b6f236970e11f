// A word of a command line, quoted for a POSIX shell.

/** Quotes a word that has more than plain characters. @param keepTilde leaves `~/models` for the shell to expand */
export function quoteWord(word: string, { keepTilde = false } = {}): string {
  const plain = keepTilde ? /^[\w@%+=:,./~-]+$/ : /^[\w@%+=:,./-]+$/;
  return plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
