import { useEffect, useState } from 'preact/hooks';
import { wantHeadingFocus } from './heading-focus.js';

/** Where the page is: the view, what it shows, and how. `#/tables/temp?sort=name` is the table `temp`; an empty view is the first one. */
export interface Place {
  readonly view: string;
  /** The name of a table; `undefined` for a list. */
  readonly item: string | undefined;
  readonly query: URLSearchParams;
}

/** Returns the link to a place. */
export function linkTo(view: string, item?: string, query?: Record<string, string>): string {
  const path = item === undefined ? `#/${view}` : `#/${view}/${encodeURIComponent(item)}`;
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
}

/** Reads a place from the fragment of a URL. */
export function parsePlace(hash: string): Place {
  const mark = hash.indexOf('?');
  const path = mark === -1 ? hash : hash.slice(0, mark);
  const [, view = '', item] = path.split('/');
  return {
    view,
    item: item === undefined || item === '' ? undefined : decode(item),
    query: new URLSearchParams(mark === -1 ? '' : hash.slice(mark + 1)),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Returns what names the view and its item. */
function pathOf(hash: string): string {
  return hash.split('?')[0] ?? '';
}

/** Returns the place, and renders again when it changes. */
export function usePlace(): Place {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    let last = pathOf(location.hash);
    const changed = () => {
      const next = pathOf(location.hash);
      if (next !== last) wantHeadingFocus();
      last = next;
      setHash(location.hash);
    };
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, []);
  return parsePlace(hash);
}

/** Changes one part of the query without a new entry in the history. */
export function replaceQuery(place: Place, changes: Record<string, string>): void {
  const query = Object.fromEntries(place.query);
  const merged = Object.entries({ ...query, ...changes }).filter(([, value]) => value !== '');
  location.replace(linkTo(place.view, place.item, Object.fromEntries(merged)));
}
