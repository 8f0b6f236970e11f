// Names for a label that must not take ever new values: the first so many stay, all later ones are one.

/** Longer names are cut: a label's value is kept by whoever scrapes it. */
const LONGEST = 100;

export class BoundedNames {
  readonly #known = new Set<string>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** The name itself, or "other" when there are too many already. */
  toLabel(name: string): string {
    const short = name.slice(0, LONGEST);
    if (this.#known.has(short)) return short;
    if (this.#known.size >= this.#most) return "other";
    this.#known.add(short);
    return short;
  }
}
