// Compiles contracts/*.sol. Without arguments it writes contracts/bytecode.json; with --check it says whether that file is what
// the sources give.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import solc from 'solc'

const folder = fileURLToPath(new URL('contracts/', import.meta.url))
const sources = Object.fromEntries(
  readdirSync(folder).filter(f => f.endsWith('.sol')).sort().map(f => [f, { content: readFileSync(folder + f, 'utf8') }]))
const output = JSON.parse(solc.compile(JSON.stringify({
  language: 'Solidity',
  sources,
  settings: {
    evmVersion: 'london',
    optimizer: { enabled: true, runs: 1 },
    metadata: { appendCBOR: false },
    outputSelection: { '*': { '*': ['evm.bytecode.object'] } }
  }
})))
const errors = (output.errors ?? []).filter(e => e.severity === 'error')
if (errors.length > 0) {
  console.error(errors.map(e => e.formattedMessage).join('\n'))
  process.exit(1)
}
const code = {}
for (const [file, contracts] of Object.entries(output.contracts)) {
  const name = file.replace('.sol', '')
  code[name] = '0x' + contracts[name].evm.bytecode.object
}
const text = JSON.stringify(code, null, 2) + '\n'
const target = folder + 'bytecode.json'
if (process.argv[2] === '--check') {
  const same = readFileSync(target, 'utf8') === text
  console.log(same ? 'same' : 'bytecode.json is not what the contracts compile to: run node compile.mjs')
  process.exit(same ? 0 : 1)
}
writeFileSync(target, text)
