/** Starts and stops the server. Everything else is loaded once it is known that this Node can run it. */
const NEEDED_NODE = 22

const major = Number(process.versions.node.split('.')[0])
if (major < NEEDED_NODE) {
  console.error(
    `Sheetport needs Node ${NEEDED_NODE} or later, and this is ${process.versions.node}. Start it with "npm start", which brings its own.`,
  )
  process.exit(1)
}

await import('./load-drizzle-quickly.ts')
const { start } = await import('./start.ts')
await start()

export {}
