import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const SIZE = 256 * 1024 * 1024
/** FS_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: from here on nothing reaches the disk, not even the journal. */
const CUT = 'open(my $f, "<", $ARGV[0]) or die $!; my $how = pack("I", 2); ioctl($f, 0x8004587d, $how) or die $!'

/** A file system of its own, in a file, whose power can be cut: what was not synced is gone when it comes back. */
export class PowerDisk {
  readonly folder: string
  readonly #image: string

  /** Throws when this machine does not let us have one. */
  constructor(within: string) {
    this.#image = path.join(within, 'disk.img')
    this.folder = path.join(within, 'disk')
    mkdirSync(this.folder)
    const file = openSync(this.#image, 'w')
    ftruncateSync(file, SIZE)
    closeSync(file)
    run('mkfs.ext4', '-q', '-F', this.#image)
    this.#mount()
  }

  /** What this machine lacks for it; `undefined` when nothing. */
  static missing(): string | undefined {
    if (process.getuid?.() !== 0) return 'it takes root to mount a file system'
    const within = mkdtempSync(path.join(os.tmpdir(), 'sheetport-power-'))
    try {
      const disk = new PowerDisk(within)
      try {
        disk.cut()
      } finally {
        run('umount', disk.folder)
      }
      return undefined
    } catch (error) {
      return `no file system of its own can be had and cut off here (${String(error).trim()})`
    } finally {
      rmSync(within, { recursive: true, force: true })
    }
  }

  cut(): void {
    run('perl', '-e', CUT, this.folder)
  }

  /** The power is back. Nobody may have a file open here any more. */
  async restore(): Promise<void> {
    await this.#unmount()
    this.#mount()
  }

  async close(): Promise<void> {
    await this.#unmount()
  }

  #mount(): void {
    run('mount', '-o', 'loop', this.#image, this.folder)
  }

  async #unmount(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        run('umount', this.folder)
        return
      } catch (error) {
        if (tries === 200) throw error
        await sleep(50)
      }
    }
  }
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin' } })
}
