import { createHash, timingSafeEqual } from 'node:crypto';
import type { Challenge } from '../../index.js';
import type { Group } from './options.js';

/** What clients must know. */
export interface Credentials {
  readonly token: string | undefined;
  readonly basic: { readonly user: string; readonly password: string } | undefined;
}

/**
 * Decides about a request by its header `Authorization`.
 *
 * @returns `'allow'`, or what the client is asked for.
 */
export type Guard = (authorization: string | undefined, group: Group) => 'allow' | Challenge;

const CHALLENGE: Challenge = { challenge: 'Basic realm="pegasus", Bearer realm="pegasus"' };

/**
 * Makes the guard of a gateway. A token counts as a bearer token and as the password of Basic authentication with any user, because some
 * tools send nothing else.
 *
 * @returns `undefined` if there are no credentials, so that everything is open.
 */
export function createGuard({ token, basic }: Credentials, unguarded: readonly string[]): Guard | undefined {
  if (token === undefined && basic === undefined) return undefined;
  const accepted = [
    ...(token === undefined ? [] : [digest(`token ${token}`)]),
    ...(basic === undefined ? [] : [digest(`basic ${basic.user}:${basic.password}`)]),
  ];
  return (authorization, group) => {
    if (unguarded.includes(group)) return 'allow';
    const presented = presentedBy(authorization).map(digest);
    // Everything is compared, so that the time tells nothing. Digests have one length, which timingSafeEqual needs.
    const matches = presented.flatMap((one) => accepted.map((other) => timingSafeEqual(one, other)));
    return matches.includes(true) ? 'allow' : CHALLENGE;
  };
}

/** Returns what a header may mean. */
function presentedBy(authorization = ''): string[] {
  const [, scheme = '', value = ''] = /^(Bearer|Basic) +(\S+) *$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() !== 'basic') return [`token ${value}`];
  const text = Buffer.from(value, 'base64').toString();
  const colon = text.indexOf(':');
  return colon === -1 ? [] : [`basic ${text}`, `token ${text.slice(colon + 1)}`];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
