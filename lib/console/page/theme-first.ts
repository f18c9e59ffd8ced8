// Sets the stored theme before the first paint, so that a dark page does not flash.
(() => {
  try {
    const stored = localStorage.getItem('pegasus-console:theme');
    if (stored === 'light' || stored === 'dark') document.documentElement.dataset['theme'] = stored;
  } catch {
    // Without storage the page follows the system.
  }
})();
