import type { Command } from 'commander'
import type { Fault } from '../modules/audit/index.ts'
import { addCommand, runs, withShop } from './command.ts'

function describe(fault: Fault): string {
  if (fault.kind === 'head') return `the end of the log: ${fault.what}`
  if (fault.kind === 'missing')
    return fault.to === fault.seq ? `${fault.seq} is missing` : `${fault.seq} to ${fault.to} are missing`
  const row = `${fault.seq} (id ${fault.id})`
  if (fault.kind === 'altered') return `${row} was altered`
  return fault.kind === 'reordered'
    ? `${row} was sealed at place ${fault.sealedAt}`
    : `${row} does not follow the one before it`
}

export function registerVerifyAudit(cli: Command): void {
  const command = addCommand(
    cli,
    'audit verify',
    'Read the whole log of what was done and name every row that is not as it was',
  ).option('--head <seq:hash>', 'the end that an earlier run has shown: it must be in the log still')
  runs<{ head?: string }>(command, async ({ options, out }) => {
    await withShop(async ({ audit }) => {
      const { entries, head, faults } = await audit.verify(options.head)
      const status = faults.length === 0 ? 'intact' : 'broken'
      const lines = faults.length === 0 ? [`${entries} entries, all as they were written`] : faults.map(describe)
      out.result({ status, entries, head, faults }, [...lines, `head ${head}`].join('\n'), faults.length === 0 ? 0 : 1)
    })
  })
}
