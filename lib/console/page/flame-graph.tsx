import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { drawFlames } from './flame-drawing.js';
import { frameAt, layoutFrames, neighbourOf } from './flame-layout.js';
import { useText } from './i18n.js';
import { useThemeVersion } from './preferences.js';
import { amountText, type Frame, type ProfileTree } from './profile-model.js';

/** Shows a profile as a flame graph, the callers above. It is a canvas, because the libraries for this write styles that the policy forbids. */
export function FlameGraph({ tree, search }: { tree: ProfileTree; search: string }) {
  const t = useText();
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [zoomed, setZoomed] = useState(tree.root);
  const [pointed, setPointed] = useState<Frame>();
  const theme = useThemeVersion();
  const boxes = useMemo(() => layoutFrames(zoomed, width), [zoomed, width]);
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // The theme changes the colours.
  useEffect(() => {
    if (canvas.current !== null && width > 0)
      drawFlames(canvas.current, boxes, width, { pointed, search, rootName: t('profile.all') });
  }, [boxes, width, pointed, search, theme, t]);
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter') setZoomed(pointed ?? tree.root);
    else if (event.key === 'Escape') setZoomed(tree.root);
    else if (event.key.startsWith('Arrow')) setPointed(neighbourOf(pointed ?? zoomed, event.key));
    else return;
    event.preventDefault();
  }
  return (
    <>
      <div ref={host} class="flames">
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a screen reader passes keys on in this role only */}
        <canvas
          ref={canvas}
          tabIndex={0}
          role="application"
          aria-label={t('profile.flame.label')}
          onKeyDown={onKeyDown}
          onPointerMove={(event) => setPointed(frameAt(boxes, event.offsetX, event.offsetY))}
          onPointerLeave={() => setPointed(undefined)}
          onClick={(event) => setZoomed(frameAt(boxes, event.offsetX, event.offsetY) ?? zoomed)}
        />
      </div>
      <div class="pointed-frame">
        <span class="mono" aria-live="polite">
          {describe(pointed ?? zoomed, tree, t('profile.all'))}
        </span>
        {zoomed !== tree.root && (
          <button type="button" onClick={() => setZoomed(tree.root)}>
            {t('profile.reset')}
          </button>
        )}
      </div>
    </>
  );
}

function describe(frame: Frame, { root, unit }: ProfileTree, rootName: string): string {
  const share = root.value === 0 ? 0 : (100 * frame.value) / root.value;
  const place = frame.file === '' ? '' : ` · ${frame.file}${frame.line > 0 ? `:${frame.line}` : ''}`;
  const name = frame.parent === undefined ? rootName : frame.name;
  return `${name} · ${amountText(frame.value, unit)} (${share.toFixed(1)} %)${place}`;
}
