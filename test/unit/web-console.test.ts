import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type ConsoleOptions, webConsole } from '../../lib/console/index.js';

describe('the files of the console', () => {
  const { files } = webConsole();
  const scripts = [...files].filter(([name]) => name.endsWith('.js'));

  it.each([...files.keys()])('are the same in every encoding: %s', (name) => {
    const file = files.get(name);
    expect(file?.content.length).toBeGreaterThan(0);
    expect(brotliDecompressSync(file?.br ?? '').equals(file?.content as Buffer)).toBe(true);
    expect(gunzipSync(file?.gzip ?? '').equals(file?.content as Buffer)).toBe(true);
    expect(file?.isImmutable).toBe(name !== '');
    if (name !== '') expect(name).toMatch(/-[A-Z0-9]{8}\.(js|css)$/);
  });

  it('have at most 150 KB of compressed script beside the flame graph, which is loaded on demand', () => {
    const flame = scripts.filter(([name]) => name.startsWith('profile-view-'));
    expect(flame).toHaveLength(1);
    const others = scripts.filter((one) => !flame.includes(one));
    const bytes = others.reduce((sum, [, { gzip }]) => sum + gzip.length, 0);
    expect(bytes).toBeLessThanOrEqual(150 * 1024);
    expect(files.get('')?.content.toString()).not.toContain('profile-view');
  });

  it('have a policy that allows nothing unsafe and no other host', () => {
    const policy = files.get('')?.headers['content-security-policy'];
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('are read once', () => {
    expect(webConsole().files).toBe(files);
  });
});

describe('webConsole', () => {
  it('writes the names of clusters as text', () => {
    const name = '"><script>alert(1)</script> $& 中文';
    const page = webConsole({ clusters: [{ name, path: '/a' }] }).files.get('');
    const html = page?.content.toString() ?? '';
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('$&#38; 中文');
    expect(gunzipSync(page?.gzip ?? '').toString()).toBe(html);
  });

  it.each<[options: unknown, message: string]>([
    [null, 'webConsole: options must be an object, not null'],
    [{ cluster: [] }, 'webConsole: unknown option "cluster", did you mean "clusters"?'],
    [{ clusters: {} }, 'webConsole: clusters must be an array, not an object'],
    [{ clusters: [null] }, 'webConsole: clusters[0] must be an object with a name and a path'],
    [{ clusters: [{ name: '', path: '/a' }] }, 'webConsole: clusters[0] must be an object'],
    [{ clusters: [{ name: 'a', path: 'https://b/' }] }, 'clusters[0].path must be a path on the same host'],
    [{ clusters: [{ name: 'a', path: '//b/' }] }, 'clusters[0].path must be a path on the same host'],
    [{ clusters: [{ name: 'a', path: '/b?c' }] }, 'clusters[0].path must be a path on the same host'],
  ])('refuses %j', (options, message) => {
    expect(() => webConsole(options as ConsoleOptions)).toThrow(message);
  });
});
