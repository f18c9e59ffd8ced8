// A typedoc plugin that groups the exports of the main entry by what they are for: the folder that declares each one decides.
import { Comment, CommentTag, Converter } from 'typedoc';

/** The first folder that a file is in decides. Kinds of typedoc (functions, interfaces) say nothing about what an export is for. */
const GROUPS = [
  ['lib/handler/', 'The handler'],
  ['lib/http/', 'The handler'],
  ['lib/pprof/', 'The handler'],
  ['lib/routing/', 'The handler'],
  ['lib/diagnostics/', 'Events'],
  ['lib/model/errors', 'Errors'],
  ['lib/model/', 'The interfaces of sources'],
  ['lib/sources/memory/', 'A cluster in memory'],
  ['lib/sources/config/', 'Configuration'],
  ['lib/sources/', 'Perf counters, metrics and process information'],
  ['lib/wire/', 'The JSON documents'],
];

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    const module = reflection.parent;
    if (module === undefined || module.parent === undefined || module.name !== 'index') return;
    if (!module.isDeclaration() || module.parent !== context.project) return;
    const file =
      context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName ?? '';
    const group = GROUPS.find(([folder = '']) => file.includes(`/${folder}`))?.[1];
    if (group === undefined) return;
    reflection.comment ??= new Comment();
    reflection.comment.blockTags.push(new CommentTag('@group', [{ kind: 'text', text: group }]));
  });
}
