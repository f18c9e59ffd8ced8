// Builds the package after an install in a clone, and for an install from git. Without the development dependencies
// (`npm ci --omit=dev`) there is no compiler: then the install must not fail.

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

function hasCompiler() {
  try {
    createRequire(import.meta.url).resolve('typescript');
    return true;
  } catch {
    return false;
  }
}

if (hasCompiler()) execFileSync('npm', ['run', 'build'], { stdio: 'inherit' });
else console.log('prepare: dist is not built, for the development dependencies are not installed');
