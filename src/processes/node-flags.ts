/**
 * How Node runs a process through which rows pass: values that live for a moment, a million times over.
 *
 * - A small young generation keeps it flat and is no slower.
 * - Left to itself V8 now and then takes the lists of rows for long-lived, puts them among the old ones, and everything
 *   they hold stays as well: the same import is then slower by chance.
 * - It would also let dead values pile up to several times the living before it looks, so that a process goes on growing
 *   over thousands of small jobs (`npm run bench:jobs -- --only backlog`). A workbook that is read whole pays for this.
 */
export const NODE_FLAGS = [
  ...['--max-semi-space-size=8', '--no-allocation-site-pretenuring'],
  ...['--initial-old-space-size=24', '--heap-growing-percent=50'],
] as const
