// What ethers says: a second implementation of signatures and of ENS. Reads JSON from standard input, writes JSON.
//   verify          [{text, sig}]         -> [address that signed]
//   sign KEY        [text]                -> [sig]
//   resolve URL REGISTRY CHAIN [name]     -> [{address, payout}]
import { readFileSync } from 'node:fs'
import { EnsPlugin, JsonRpcProvider, Network, Wallet, verifyMessage } from 'ethers'

const [command, ...args] = process.argv.slice(2)
const input = JSON.parse(readFileSync(0, 'utf8'))
const commands = {
  verify: () => input.map(({ text, sig }) => verifyMessage(text, sig).toLowerCase()),
  sign: () => {
    const wallet = new Wallet(args[0])
    return input.map(text => wallet.signMessageSync(text))
  },
  resolve: async () => {
    const [url, registry, chain] = args
    const network = new Network('test', Number(chain))
    network.attachPlugin(new EnsPlugin(registry, Number(chain)))
    const provider = new JsonRpcProvider(url, network, { staticNetwork: network })
    const found = []
    for (const name of input) {
      const resolver = await provider.getResolver(name)
      const address = resolver && await resolver.getAddress()
      const payout = address && await resolver.getText('swarmpool.payout')
      found.push({ address: address ? address.toLowerCase() : null, payout: payout ? payout.toLowerCase() : null })
    }
    provider.destroy()
    return found
  }
}
const answer = await commands[command]()
process.stdout.write(JSON.stringify(answer))
