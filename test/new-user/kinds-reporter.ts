import type { Reporter, TestModule } from 'vitest/node';

/** Prints the time of each kind of project at the end. The kind is the name of the outermost suite of a file. */
export class KindsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      const [suite] = module.children.suites();
      const name = suite?.name ?? module.relativeModuleId;
      const seconds = (module.diagnostic().duration / 1000).toFixed(1);
      console.log(`new-user: ${seconds.padStart(6)} s  ${module.ok() ? 'ok' : 'failed'}  ${name}`);
    }
  }
}
