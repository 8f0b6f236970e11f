// What a mistyped name was meant to be. Pure.

/** Insertions, deletions, replacements, and swaps of neighbours that make one of the other (optimal string alignment). */
export function countEdits(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      let edits = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + (isSame ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, (before[j - 2] as number) + 1);
      }
      row.push(edits);
    }
    [before, last] = [last, row];
  }
  return last[b.length] as number;
}

/** The known name that is closest, where it is close enough to have been meant. */
export function findClosest(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_ ]/g, "");
  const most = Math.max(1, Math.floor(plain(name).length / 3));
  let [closest, fewest]: [string | undefined, number] = [undefined, most + 1];
  for (const other of known) {
    const edits = countEdits(plain(name), plain(other));
    if (edits < fewest) [closest, fewest] = [other, edits];
  }
  return closest;
}

/** " Did you mean `rate`?", or "" where nothing is close. */
export function suggest(name: string, known: readonly string[]): string {
  const closest = findClosest(name, known);
  return closest === undefined ? "" : ` Did you mean \`${closest}\`?`;
}
