import { registerHooks } from 'node:module'

/**
 * For every file of a package, Node parses the package's whole package.json anew, and that of Drizzle is large: it took
 * longer than all else at a start. What a file of Drizzle names by a relative path is an ES module beside it, and need
 * not be looked up.
 */
registerHooks({
  resolve(specifier, context, next) {
    const isBeside = specifier.startsWith('.') && context.parentURL?.includes('/node_modules/drizzle-orm/')
    if (!isBeside) return next(specifier, context)
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
  },
})
