// Sets the theme before the first paint, so that a dark page does not flash, and when the system or a person changes it. It is loaded before
// the page, so that its listeners run first, and what is drawn on a canvas finds the new colours.
(() => {
  const system = matchMedia('(prefers-color-scheme: dark)');
  let chosen: string | undefined;
  try {
    chosen = localStorage.getItem('pegasus-console:theme') ?? undefined;
  } catch {
    // Without storage the page follows the system.
  }
  function apply(): void {
    const isChosen = chosen === 'light' || chosen === 'dark';
    document.documentElement.dataset['theme'] = isChosen ? chosen : system.matches ? 'dark' : 'light';
  }
  apply();
  system.addEventListener('change', apply);
  window.addEventListener('pegasus-theme', (event) => {
    chosen = (event as CustomEvent<string>).detail;
    apply();
  });
})();
