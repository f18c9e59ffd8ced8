import { levenshtein, type Work } from './edit-distance.js';

/** Longer names are neither compared nor suggested: no counter of a registry has more characters. */
const MAX_NAME_LENGTH = 512;

/** Maximum number of characters that all names together may have; names beyond are not looked at. */
const MAX_CHARACTERS = 6_000_000;

/** Maximum number of labelled names of one counter that are compared. */
const MAX_LABELLED = 1000;

/** Maximum number of characters that one search compares: a few milliseconds. */
const MAX_STEPS = 200_000;

/** Maximum number of letters that a suggestion may differ by. */
const MAX_DISTANCE = 4;

/**
 * Suggests a perf counter in the place of one that does not exist. The time it takes is limited, for any name that a client
 * sends and for any number of counters.
 *
 * @param name - The name that the client asked for.
 * @param names - The names of all counters.
 * @returns The end of an error message: `did you mean "..."?`, `labels are missing, did you mean "..."?` or `other labels exist,
 *   did you mean "..."?`; `undefined` when no name is close.
 */
export function suggestCounter(name: string, names: readonly string[]): string | undefined {
  if (name === '' || name.length > MAX_NAME_LENGTH) return undefined;
  const base = withoutLabels(name);
  const max = Math.min(MAX_DISTANCE, Math.floor(name.length / 4));
  const isRelated = relatedTo(name, base);
  const labelled: string[] = [];
  let related: string | undefined;
  let similar: string | undefined;
  let leastDifference = max + 1;
  let characters = 0;
  for (let i = 0; i < names.length && characters < MAX_CHARACTERS && labelled.length < MAX_LABELLED; i++) {
    const other = names[i] as string;
    characters += other.length;
    if (other.length > MAX_NAME_LENGTH) continue;
    const prefix = commonPrefix(name, other);
    if (prefix >= base.length && isEndOrLabels(other, base.length)) labelled.push(other);
    else if (Math.abs(other.length - name.length) < leastDifference) {
      const difference = Math.max(name.length, other.length) - prefix - commonSuffix(name, other, prefix);
      if (difference < leastDifference) [similar, leastDifference] = [other, difference];
    }
    if (related === undefined && isRelated(other)) related = other;
  }
  if (labelled.length > 0) {
    const closest = closestOf(name, labelled, MAX_DISTANCE) ?? labelled[0];
    return `${base === name ? 'labels are missing' : 'other labels exist'}, did you mean "${closest}"?`;
  }
  // Most typing mistakes are in one place, which the loop above finds among all names. The closest of all is looked for among some.
  const closest = closestOf(name, names, leastDifference - 1) ?? similar ?? related;
  return closest === undefined ? undefined : `did you mean "${closest}"?`;
}

/** Returns the name of a counter without its labels, which stand behind the first `@` or `#`. */
function withoutLabels(name: string): string {
  const at = name.search(/[@#]/);
  return at === -1 ? name : name.slice(0, at);
}

/** Tells whether a name ends at an index, or has only labels from there. */
function isEndOrLabels(name: string, i: number): boolean {
  return i === name.length || name[i] === '@' || name[i] === '#';
}

/** Returns how many characters two names have in common at their beginning. */
function commonPrefix(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let i = 0;
  while (i < end && a.charCodeAt(i) === b.charCodeAt(i)) i += 1;
  return i;
}

/** Returns how many characters two names have in common at their end, behind their common beginning. */
function commonSuffix(a: string, b: string, prefix: number): number {
  const end = Math.min(a.length, b.length) - prefix;
  let i = 0;
  while (i < end && a.charCodeAt(a.length - 1 - i) === b.charCodeAt(b.length - 1 - i)) i += 1;
  return i;
}

/** Returns the closest name, at most `max` letters away. Stops searching after `MAX_STEPS`. */
function closestOf(name: string, candidates: readonly string[], max: number): string | undefined {
  const work: Work = { steps: 0 };
  let limit = max;
  let closest: string | undefined;
  for (let i = 0; i < candidates.length && limit >= 0 && work.steps < MAX_STEPS; i++) {
    const candidate = candidates[i] as string;
    if (candidate.length > MAX_NAME_LENGTH) continue;
    const distance = levenshtein(name, candidate, limit, work);
    if (distance > limit) continue;
    closest = candidate;
    // From here on only a closer one is of interest.
    limit = distance - 1;
  }
  return closest;
}

/**
 * Returns a function that tells whether a name has all that was asked for: `prometheus*up*value` has `up` and `prometheus*up`,
 * and `replica*server*gc.time(%)` has all of `meta*server*gc.time(%)` but the kind of server.
 */
function relatedTo(name: string, base: string): (other: string) => boolean {
  const at = name.indexOf('*');
  const end = name.slice(at);
  if (at !== -1) {
    const beginning = `${base}*`;
    return (other) =>
      other.startsWith(beginning) ||
      (other.endsWith(end) && other.indexOf('*') === other.length - end.length);
  }
  const part = `*${base}`;
  return (other) => {
    const i = other.indexOf(part) + part.length;
    return i >= part.length && (other[i] === '*' || isEndOrLabels(other, i));
  };
}
