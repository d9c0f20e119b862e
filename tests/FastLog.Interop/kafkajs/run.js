'use strict'
// node run.js SCENARIO HOST:PORT
// Runs one scenario against a broker and prints what it saw as JSON on stdout. What is right is for the caller to say.
const { open } = require('./session')

async function main(scenario, address) {
  const session = open(address)
  try {
    const seen = await require(`./scenarios/${scenario}`)(session)
    process.stdout.write(JSON.stringify(seen))
  } finally {
    await session.close()
  }
}

main(process.argv[2], process.argv[3]).catch(error => {
  console.error(error)
  process.exitCode = 1
})
