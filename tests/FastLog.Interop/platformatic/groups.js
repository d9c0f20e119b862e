// node groups.js HOST:PORT
// Prints all groups and all their committed offsets as JSON.
import { kafka, options } from './client.js'

const admin = new kafka.Admin(options(process.argv[2]))
const groups = [...(await admin.listGroups({ types: ['classic', 'consumer'] })).values()]
const offsets = await admin.listConsumerGroupOffsets({ groups: groups.map(({ id }) => id) })
process.stdout.write(JSON.stringify(
  groups.map(group => ({ ...group, topics: offsets.find(({ groupId }) => groupId === group.id)?.topics ?? [] })),
  (_, value) => (typeof value === 'bigint' ? Number(value) : value),
))
await admin.close()
