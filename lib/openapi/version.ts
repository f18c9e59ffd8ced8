/** The version of this package. A constant, because a bundle has no package.json beside it. */
export const PACKAGE_VERSION = '0.2.0';
