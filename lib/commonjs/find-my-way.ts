import { ownRequire } from './own-require.js';

/** The radix router. Node takes this module for `#find-my-way`; see `imports` of package.json. */
export default ownRequire('find-my-way') as typeof import('find-my-way');
