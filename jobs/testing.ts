import { join } from 'node:path'

/** Runs a command of the CLI in a process of its own, as a person would. */
export async function runCommand(...args: string[]) {
  const child = Bun.spawn([process.execPath, 'jobs/main.ts', ...args], {
    cwd: join(import.meta.dir, '..'),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [exitCode, stdout, stderr] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { exitCode, stdout, stderr }
}
