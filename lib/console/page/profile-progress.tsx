import { useEffect, useState } from 'preact/hooks';
import { useText } from './i18n.js';

/** Shows how much of the time of a profile is over. */
export function ProfileProgress({ seconds }: { seconds: number }) {
  const t = useText();
  const [start] = useState(() => Date.now());
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setElapsed((Date.now() - start) / 1000), 100);
    return () => clearInterval(timer);
  }, [start]);
  const isOver = elapsed >= seconds;
  const label = isOver ? t('profile.fetching') : t('profile.running', seconds);
  return (
    <div class="notice" role="status">
      <p class="progress-label">{label}</p>
      <progress aria-label={label} {...(!isOver && { max: seconds, value: elapsed })} />
    </div>
  );
}
