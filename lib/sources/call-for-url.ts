import { describeValue } from '../validate/describe-value.js';

/**
 * Calls a function that turns an address into a base URL, and checks its result.
 *
 * @throws TypeError with the function's name and the fault. The message does not show a password.
 */
export function callForUrl(name: string, resolve: (address: string) => string, address: string): string {
  const url: unknown = resolve(address);
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  const call = `${name}(${describeValue(address)})`;
  if (parsed !== undefined && (parsed.username !== '' || parsed.password !== ''))
    throw new TypeError(`${call} must return a base URL without a user and a password`);
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || /[?#]/.test(url as string))
    throw new TypeError(
      `${call} must return a base URL such as "http://${address}", not ${describeValue(url)}`,
    );
  return url as string;
}
