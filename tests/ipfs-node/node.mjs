// One IPFS node on loopback, without bootstrap, discovery, relay or preload; its repository is made when it is not there.
//
//   node node.mjs REPOSITORY [API_PORT] [SWARM_PORT]      a port of 0, the default, is chosen by the system
//
// When it serves, it prints one line of JSON: { api, id, addresses, pid }. It ends on SIGTERM,
// and with SWARMPOOL_NODE_STOPS_WITH_STDIN=1 also when its standard input ends: so a dead test leaves no node behind.
import net from 'node:net'
import { create } from 'ipfs-core'
import { HttpApi } from 'ipfs-http-server'

// Kubo's sockets send small messages at once, js-libp2p's wait for an acknowledgement: some 40 ms a message on an idle connection.
const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function (...args) {
  this.setNoDelay(true)
  return connect.apply(this, args)
}
const { emit } = net.Server.prototype
net.Server.prototype.emit = function (event, ...args) {
  if (event === 'connection') args[0].setNoDelay(true)
  return emit.call(this, event, ...args)
}

// An aborted request rejects a promise that nobody waits for; a node must not end for that.
process.on('unhandledRejection', reason => console.error('unhandled:', reason?.message ?? reason))

const [repo, apiPort = '0', swarmPort = '0'] = process.argv.slice(2)
const loopback = port => `/ip4/127.0.0.1/tcp/${port}`
const ipfs = await create({
  repo,
  silent: true,
  start: true,
  preload: { enabled: false },
  init: { emptyRepo: true },
  relay: { enabled: false },
  config: {
    Addresses: { Swarm: [loopback(swarmPort)], Announce: [], NoAnnounce: [], API: loopback(apiPort), Gateway: '', RPC: '', Delegates: [] },
    Bootstrap: [],
    Discovery: { MDNS: { Enabled: false }, webRTCStar: { Enabled: false } },
    Pubsub: { Enabled: true, Router: 'gossipsub' },
    Routing: { Type: 'none' },
    Swarm: { DisableNatPortMap: true, ConnMgr: { LowWater: 5, HighWater: 50 } }
  }
})
const api = new HttpApi(ipfs)
await api.start()
const { id, addresses } = await ipfs.id()

// Connections that are kept open must not keep the process alive.
const stop = async () => {
  setTimeout(() => process.exit(0), 2000).unref()
  await api.stop()
  await ipfs.stop()
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
if (process.env.SWARMPOOL_NODE_STOPS_WITH_STDIN === '1') {
  process.stdin.on('end', () => process.exit(0))
  process.stdin.resume()
}
console.log(JSON.stringify({ api: api._apiServers[0].info.uri, id: id.toString(), addresses: addresses.map(String), pid: process.pid }))
