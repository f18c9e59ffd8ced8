import { jsonBody, type ResponseBody } from '../http/body.js';
import { describeRoutes } from '../openapi/document.js';
import { defineRoute, type Route } from '../routing/route.js';
import { openApi } from '../wire/openapi.js';

/**
 * Creates the route of `GET /openapi.json`. It is rendered once, at the first request.
 *
 * @param routes - Returns the routes to describe. Called when the response is rendered.
 */
export function openApiRoute(routes: () => readonly Route[]): Route {
  let body: ResponseBody | undefined;
  return defineRoute({
    path: '/openapi.json',
    group: 'listing',
    access: 'read',
    summary: 'Describes the endpoints of this server as an OpenAPI 3.1 document.',
    params: {},
    response: { 'application/json': openApi },
    render() {
      body ??= jsonBody(`${JSON.stringify(describeRoutes(routes()))}\n`);
      return body;
    },
  });
}
