import type { Reporter, TestModule } from 'vitest/node';

/** Prints the time of each kind of project at the end. The kind is the name of the outermost suite of a file. */
export class KindsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      const [suite] = module.children.suites();
      const state = module.ok() ? '' : ', failed';
      console.log(
        `new-user: ${suite?.name ?? module.relativeModuleId}: ${(module.diagnostic().duration / 1000).toFixed(1)} s${state}`,
      );
    }
  }
}
