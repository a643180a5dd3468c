// Checks what run.sh left in a folder, and says what became of the pool. Ends with 1 when anything is not as it has to be.
//
//   node check.mjs FOLDER JOBS API      the folder has jobs/, results/, audits/, status.json and verify.json; API is an IPFS node's
import { readFileSync, readdirSync } from 'node:fs'

const [folder, count, api] = process.argv.slice(2)
const read = file => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))
const all = name => readdirSync(`${folder}/${name}`).map(file => read(`${name}/${file}`))
const lines = name => readdirSync(`${folder}/${name}`).flatMap(file => readFileSync(`${folder}/${name}/${file}`, 'utf8').trim().split('\n').map(JSON.parse))
const sum = amounts => amounts.reduce((total, amount) => total + amount, 0n)
const distinct = (of, key) => new Set(of.map(one => one[key])).size
let wrong = 0
const check = (right, what) => {
  console.log(`${right ? '✓' : '✗'} ${what}`)
  if (!right) wrong++
}

// USDC as micro-USDC: money is never a fraction here.
const micro = text => {
  const [whole, fraction = ''] = text.split('.')
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}
const usdc = amount => `${amount / 1_000_000n}.${String(amount % 1_000_000n).padStart(6, '0')}`
const content = async cid => (await fetch(`${api}/api/v0/block/get?arg=${cid}`, { method: 'POST' })).json()

const jobs = Number(count)
const results = lines('results')
const prices = sum(all('jobs').map(job => micro(job.payment.amount)))
const status = read('status.json')
const verified = read('verify.json')
const audits = all('audits')
const epochs = await Promise.all(audits.map(audit => content(audit.cid)))
const worked = epochs.filter(epoch => epoch.jobs_count > 0)
const payouts = []
for (const { settlements } of epochs) {
  const pages = await Promise.all(settlements.miners.map(content))
  const miners = pages.flatMap(page => page.items)
  const paid = sum(miners.map(payout => micro(payout.amount)))
  check(paid === micro(settlements.miner_pool) && paid + micro(settlements.operations.amount) === micro(settlements.total_volume),
    `payouts of ${usdc(paid)} and ${settlements.operations.amount} to operations are the volume of ${settlements.total_volume}`)
  payouts.push(...miners, settlements.operations)
}

check(results.length === jobs && results.every(result => result.status === 'completed'), `${results.length} of ${jobs} jobs answered`)
check(results.every(result => JSON.parse(result.output).label === '7'), 'every answer is the right one')
check(distinct(results, 'job_cid') === jobs && distinct(results, 'proof_cid') === jobs, 'each job has one proof of its own')
check(status.total_jobs === jobs && status.total_proofs === jobs && status.pending_jobs === 0 && status.claimed_jobs === 0,
  `the journal holds ${status.total_jobs} jobs and ${status.total_proofs} accepted proofs, and nothing waits`)
check(verified.is_right, `journal verify: ${verified.records} records, ${verified.messages} of them signed messages, decided again alike`)
check(worked.length >= 2 && sum(epochs.map(epoch => BigInt(epoch.jobs_count))) === BigInt(jobs), `${worked.length} sealed epochs with work hold all ${jobs} jobs`)
check(audits.length > 0 && audits.every(audit => audit.right && audit.decided_again && audit.split_checked && audit.epochs === 1),
  `client audit: ${audits.length} epochs decided and settled again from ${audits.reduce((sum, audit) => sum + audit.messages, 0)} signed messages`)
check(audits.every(audit => audit.names.same === audit.names.asked), 'every name still has the account that signed, and where it was paid')
check(sum(payouts.map(payout => micro(payout.amount))) === prices && micro(status.total_volume) === prices,
  `all payouts are ${usdc(sum(payouts.map(payout => micro(payout.amount))))} USDC, all prices ${usdc(prices)}`)
check(status.term >= 2, `the standby leads: term ${status.term}, ${status.leader.owner}`)

const paidTo = new Map()
for (const payout of payouts) paidTo.set(payout.miner, (paidTo.get(payout.miner) ?? 0n) + micro(payout.amount))
for (const [name, amount] of [...paidTo].sort()) console.log(`  ${name.padEnd(26)}${usdc(amount)} USDC`)
process.exit(wrong === 0 ? 0 : 1)
