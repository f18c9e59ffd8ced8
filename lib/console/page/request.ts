/** The mount path of the handler: the page is at `console/` below it. */
export const BASE = new URL('../', document.baseURI);

/** Schemes for which a browser asks for a name and a password. */
const ASKING = /\b(basic|digest|negotiate|ntlm)\b/i;

/** Why an answer is missing. */
export type Problem =
  | { readonly kind: 'offline' | 'redirected' | 'forbidden' | 'missing' }
  /** `isAsked`: the browser asks for credentials on every such response. */
  | { readonly kind: 'unauthorized'; readonly isAsked: boolean }
  | { readonly kind: 'failed'; readonly status: number; readonly message: string };

/** An answer of the server, or why it is missing. */
export type Answer =
  | { readonly kind: 'answer'; readonly text: string; readonly etag: string | null; readonly age: number }
  | { readonly kind: 'unchanged'; readonly age: number }
  | Problem;

/** Requests a path below the mount path. */
export async function request(path: string, etag?: string | null, signal?: AbortSignal): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (etag) headers['if-none-match'] = etag;
  let response: Response;
  try {
    response = await fetch(new URL(path, BASE), {
      headers,
      redirect: 'manual',
      cache: 'no-store',
      signal: signal ?? null,
    });
  } catch {
    return { kind: 'offline' };
  }
  const age = Number(response.headers.get('age') ?? 0);
  if (response.status === 304) return { kind: 'unchanged', age };
  if (response.ok) return readAnswer(response, age);
  return problemOf(response);
}

async function readAnswer(response: Response, age: number): Promise<Answer> {
  try {
    return { kind: 'answer', text: await response.text(), etag: response.headers.get('etag'), age };
  } catch {
    return { kind: 'offline' };
  }
}

/** Says what a response without data means. */
export async function problemOf(response: Response): Promise<Problem> {
  if (response.type === 'opaqueredirect') return { kind: 'redirected' };
  switch (response.status) {
    case 401:
      return { kind: 'unauthorized', isAsked: ASKING.test(response.headers.get('www-authenticate') ?? '') };
    case 403:
      return { kind: 'forbidden' };
    case 404:
      return { kind: 'missing' };
    default:
      return { kind: 'failed', status: response.status, message: await messageOf(response) };
  }
}

async function messageOf(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message : text;
  } catch {
    return text;
  }
}
