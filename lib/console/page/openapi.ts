/** The parts of an OpenAPI 3.1 document that the page shows. */
export interface OpenApi {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components?: { readonly responses?: Readonly<Record<string, ApiResponse>> };
}

export interface ApiOperation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly 'x-pegasus-access'?: string;
  readonly parameters?: readonly ApiParameter[];
  readonly requestBody?: {
    readonly description?: string;
    readonly content: Readonly<Record<string, object>>;
  };
  readonly responses: Readonly<Record<string, ApiResponse | { readonly $ref: string }>>;
}

export interface ApiParameter {
  readonly name: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: {
    readonly type?: string;
    readonly enum?: readonly string[];
    readonly minimum?: number;
    readonly maximum?: number;
  };
}

export interface ApiResponse {
  readonly description?: string;
}

/** An operation with where it is. */
export interface Endpoint {
  readonly path: string;
  readonly method: string;
  readonly operation: ApiOperation;
}

const METHODS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'delete', 'patch']);

/** Returns the operations by their groups. */
export function groupsOf({ paths }: OpenApi): ReadonlyMap<string, readonly Endpoint[]> {
  const groups = new Map<string, Endpoint[]>();
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (!METHODS.has(method)) continue;
      const group = operation.tags?.[0] ?? '';
      groups.set(group, [...(groups.get(group) ?? []), { path, method, operation }]);
    }
  }
  return groups;
}

/** Returns the responses of an operation by status. */
export function responsesOf(document: OpenApi, { responses }: ApiOperation): readonly [string, string][] {
  return Object.entries(responses).map(([status, response]) => {
    if (!('$ref' in response)) return [status, response.description ?? ''];
    const name = response.$ref.slice(response.$ref.lastIndexOf('/') + 1);
    return [status, document.components?.responses?.[name]?.description ?? ''];
  });
}
