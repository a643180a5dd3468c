// Puts ENS on a chain of one's own, a registry and a public resolver, and registers names there. Reads JSON from standard input,
// [{ name, key_file, texts: { key: value } }]: the name points at the account of the key in that file. Writes { registry, network }.
//
//   node names.mjs URL      a node that signs for its accounts, as anvil does; the first of them owns every name
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { ContractFactory, JsonRpcProvider, ZeroAddress, ZeroHash, computeAddress, id, namehash } from 'ethers'

const [url] = process.argv.slice(2)
const require = createRequire(import.meta.url)

const put = async names => {
  const provider = new JsonRpcProvider(url, undefined, { staticNetwork: true })
  provider.pollingInterval = 20
  const owner = await provider.getSigner(0)
  const deploy = async (artifact, ...parameters) => {
    const { abi, bytecode } = require(artifact)
    return (await new ContractFactory(abi, bytecode, owner).deploy(...parameters)).waitForDeployment()
  }
  const registry = await deploy('@ensdomains/ens/build/contracts/ENSRegistry.json')
  const resolver = await deploy('@ensdomains/resolver/build/contracts/PublicResolver.json', registry.target)

  const made = new Set()
  const make = async (name, at) => {
    const [label, ...above] = name.split('.')
    const parent = above.join('.')
    if (parent !== '' && !made.has(parent)) await make(parent, ZeroAddress)
    await (await registry.setSubnodeRecord(parent === '' ? ZeroHash : namehash(parent), id(label), owner.address, at, 0)).wait()
    made.add(name)
  }
  for (const { name, key_file: keyFile, texts = {} } of names) {
    const account = computeAddress('0x' + readFileSync(keyFile, 'utf8').trim())
    await make(name, resolver.target)
    await (await resolver['setAddr(bytes32,address)'](namehash(name), account)).wait()
    for (const [key, value] of Object.entries(texts)) await (await resolver.setText(namehash(name), key, value)).wait()
  }
  const { chainId } = await provider.getNetwork()
  provider.destroy()
  return { registry: registry.target.toLowerCase(), network: `eip155:${chainId}` }
}

process.stdout.write(JSON.stringify(await put(JSON.parse(readFileSync(0, 'utf8')))) + '\n')
