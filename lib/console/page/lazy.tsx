import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useText } from './i18n.js';
import { ProblemNotice } from './parts.js';

/** Returns a component that is loaded when it is shown for the first time. */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props) => JSX.Element {
  let loaded: ComponentType<Props> | undefined;
  return function Lazy(props) {
    const t = useText();
    const [View, setView] = useState<ComponentType<Props> | undefined>(() => loaded);
    const [isFailed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded !== undefined) return;
      load().then(
        (component) => {
          loaded = component;
          setView(() => component);
        },
        () => setFailed(true),
      );
    }, []);
    if (View !== undefined) return <View {...props} />;
    if (isFailed) return <ProblemNotice problem={{ kind: 'offline' }} />;
    return (
      <p class="loading" role="status">
        {t('loading')}
      </p>
    );
  };
}
