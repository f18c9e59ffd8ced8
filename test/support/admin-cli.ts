/**
 * The reading side of admin-cli's `server-config` command, as strict as the original: a status of 200 only, every field a string, the tag
 * compared as a whole, a section known to the kind of server, nothing escaped in a URL.
 */

const SECTIONS = {
  meta: 'meta_server,security',
  replica: 'pegasus.server,security,replication,block_service,nfs,task',
} as const;

export type ServerKind = keyof typeof SECTIONS;

interface Flag {
  readonly name: string;
  readonly section: string;
  readonly tags: string;
  readonly value: string;
}

/** `server-config KIND list`: the mutable flags of the sections of that kind, one a line. */
export async function listConfig(origin: string, kind: ServerKind): Promise<string[]> {
  const flags = Object.values(objectOf(await call(`${origin}/configs`))).map(flagOf);
  return flags
    .filter(({ section, tags }) => tags === 'flag_tag::FT_MUTABLE' && SECTIONS[kind].includes(section))
    .map(({ section, name, value }) => `[${section}] ${name}=${value}`)
    .sort();
}

/** `server-config KIND get NAME`. */
export async function getConfig(origin: string, kind: ServerKind, flag: string): Promise<string> {
  const { name, section, value } = flagOf(await call(`${origin}/config?name=${flag}`));
  return SECTIONS[kind].includes(section) ? `${name}=${value}` : `${name} is not config on ${kind}`;
}

/** `server-config KIND set NAME VALUE`: what it prints. */
export async function setConfig(origin: string, flag: string, value: string): Promise<string> {
  const result = objectOf(await call(`${origin}/updateConfig?${flag}=${value}`));
  for (const [key, text] of Object.entries(result)) stringOf(text, key);
  return stringOf(result['update_status'], 'update_status');
}

async function call(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (response.status !== 200) throw new Error(`failed to call "${url}": code=${response.status}`);
  return JSON.parse(await response.text());
}

function flagOf(value: unknown): Flag {
  const { name, section, tags, value: text } = objectOf(value);
  return {
    name: stringOf(name, 'name'),
    section: stringOf(section, 'section'),
    tags: stringOf(tags, 'tags'),
    value: stringOf(text, 'value'),
  };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error(`cannot unmarshal ${JSON.stringify(value)} into an object`);
}

function stringOf(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`cannot unmarshal ${JSON.stringify(value)} into field ${field} of type string`);
}
