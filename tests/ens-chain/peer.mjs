// What ethers says: a second implementation of signatures and of ENS. Reads JSON from standard input, writes JSON.
//   verify          [{text, sig}]         -> [address that signed]
//   sign KEY        [text]                -> [sig]
//   grant KEY       [canonical JSON]      -> [{text, sig}], of delegations and revocations: the text by docs/protocol.md alone
//   resolve URL REGISTRY CHAIN [name]     -> [{address, payout}]
//   contenthash URL REGISTRY CHAIN [name] -> [location]
import { readFileSync } from 'node:fs'
import { EnsPlugin, JsonRpcProvider, Network, Wallet, getAddress, sha256, toUtf8Bytes, verifyMessage } from 'ethers'

const [command, ...args] = process.argv.slice(2)
const input = JSON.parse(readFileSync(0, 'utf8'))

const utc = seconds => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')

const grantLines = {
  delegation: body => [
    `role: ${body.role}`, `key: ${getAddress(body.key)}`, `from: ${utc(body.timestamp)}`, `until: ${utc(body.expires)}`,
    ...'spending_cap' in body ? [`spending cap: ${body.spending_cap} USDC`] : []
  ],
  revocation: body => [`revokes: ${body.revokes}`]
}

const grantText = json => {
  const body = JSON.parse(json)
  return [
    'SwarmPool snapshot v1', `type: ${body.type}`, `pool: ${body.pool}`, `network: ${body.network}`, `signer: ${body.name}`,
    ...grantLines[body.type](body), `sha256: ${sha256(toUtf8Bytes(json)).slice(2)}`
  ].join('\n')
}

// What is read of the resolver of each name.
const ofEach = async read => {
  const [url, registry, chain] = args
  const network = new Network('test', Number(chain))
  network.attachPlugin(new EnsPlugin(registry, Number(chain)))
  const provider = new JsonRpcProvider(url, network, { staticNetwork: network })
  const found = []
  for (const name of input) found.push(await read(await provider.getResolver(name)))
  provider.destroy()
  return found
}

const commands = {
  verify: () => input.map(({ text, sig }) => verifyMessage(text, sig).toLowerCase()),
  sign: () => {
    const wallet = new Wallet(args[0])
    return input.map(text => wallet.signMessageSync(text))
  },
  grant: () => {
    const wallet = new Wallet(args[0])
    return input.map(grantText).map(text => ({ text, sig: wallet.signMessageSync(text) }))
  },
  resolve: () => ofEach(async resolver => {
    const address = resolver && await resolver.getAddress()
    const payout = address && await resolver.getText('swarmpool.payout')
    return { address: address ? address.toLowerCase() : null, payout: payout ? payout.toLowerCase() : null }
  }),
  contenthash: () => ofEach(resolver => resolver.getContentHash())
}
const answer = await commands[command]()
process.stdout.write(JSON.stringify(answer))
