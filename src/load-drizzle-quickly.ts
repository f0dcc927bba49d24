import { registerHooks } from 'node:module'

/**
 * Loads Drizzle as CommonJS. For every file of a package in ESM, Node parses the package's whole package.json anew, and
 * that of Drizzle is large: half of the time until the server took up its jobs went into it.
 */
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, /^drizzle-orm(?:\/|$)/.test(specifier) ? { ...context, conditions: ['node', 'require'] } : context),
})
