import { PLAIN_TEXT, uncachedBody } from '../http/body.js';
import { relativeRedirect } from '../http/relative-redirect.js';
import { fileResponse } from '../http/static-response.js';
import type { EndpointGroup } from '../routing/endpoint.js';
import { defineRoute, type Route } from '../routing/route.js';
import type { StaticFiles } from '../routing/static-files.js';

/** Creates the route that serves files below a path. The path without a slash redirects to the one with it. */
export function staticFilesRoute(path: string, group: EndpointGroup, { summary, files }: StaticFiles): Route {
  return defineRoute({
    path,
    group,
    access: 'read',
    summary,
    params: {},
    hasSubpaths: true,
    respond(req, subpath, isPrivate) {
      if (subpath === undefined) return relativeRedirect(req, '', undefined);
      const file = files.get(subpath);
      if (file !== undefined) return fileResponse(req, file, isPrivate);
      const message = `service not found for "${path.slice(1)}/${subpath}"`;
      return { code: 'ERR_HANDLER_NOT_FOUND', message };
    },
    response: { 'text/html': undefined },
    contentType: () => PLAIN_TEXT,
    render: () => uncachedBody(PLAIN_TEXT, ''),
  });
}
