import { anyValue, arrayOf, type DocumentOf, mapOf, named, object, string } from './schema.js';

/** `GET /openapi.json`. */
export const openApi = named(
  'OpenApi',
  object({
    openapi: string,
    info: object({ title: string, version: string, description: string }),
    servers: arrayOf(object({ url: string })),
    paths: mapOf(mapOf(anyValue)),
    components: object({ schemas: mapOf(anyValue), responses: mapOf(anyValue) }),
  }),
);

/** An OpenAPI 3.1 document of the interface: `GET /openapi.json` and `openApiDocument()`. */
export type OpenApiDocument = DocumentOf<typeof openApi>;
