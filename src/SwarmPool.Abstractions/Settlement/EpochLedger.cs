using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Settlement;

/// <summary>How a miner wants to be paid for its work.</summary>
public enum MiningMode
{
    /// <summary>For each own job by itself.</summary>
    SOLO = 0,

    /// <summary>By its shares of the work that all PPS miners did.</summary>
    PPS,
}

/// <summary>The work that one epoch pays, as decided: its own or, where work is held back, that of epochs before it. The order of <see cref="Entries"/> means nothing.</summary>
/// <param name="EpochId">The epoch's identity, e.g. "epoch-7".</param>
/// <param name="Number">1 for the first epoch.</param>
/// <param name="Operations">Who is paid the pool's part.</param>
/// <param name="Entries">One entry for each paid part of a decided job.</param>
public sealed record EpochLedger(string EpochId, long Number, Payee Operations, IReadOnlyList<LedgerEntry> Entries)
{
    /// <summary>
    /// The payees that the settlement of the epoch before listed, in its order; empty for the first epoch. They may be listed, and
    /// paid, again: so a rule that pays for a window of epochs keeps a payee payable by listing it, with zero if need be.
    /// </summary>
    public IReadOnlyList<Payee> Earlier { get; init; } = [];

    /// <summary>
    /// The payees that the policy declares (<see cref="ISettlementPolicy.Payees"/>), in that order, each with the address that it is paid at;
    /// empty when it declares nobody. They may be paid in any epoch, by <see cref="Settlement.Declared"/>.
    /// </summary>
    public IReadOnlyList<Payee> Declared { get; init; } = [];

    /// <summary>
    /// What miners did for the pool by checking others' work, in the order decided; empty where work is not checked. They are paid out of the
    /// operations' part after the policy has settled, so a policy may look at them and pays nobody for them.
    /// </summary>
    public IReadOnlyList<CheckEntry> Checks { get; init; } = [];

    /// <summary>The sum of the entries' prices.</summary>
    public Usdc Volume
    {
        get
        {
            var sum = Usdc.Zero;
            foreach (var entry in Entries)
            {
                sum += entry.Price;
            }

            return sum;
        }
    }
}

/// <summary>One miner's part of one decided job.</summary>
/// <param name="Job">The job's CID.</param>
/// <param name="Proof">The accepted proof's CID.</param>
/// <param name="Miner">Who did it, and the address fixed when the proof was accepted.</param>
/// <param name="Mode">The miner's mode when its claim was accepted.</param>
/// <param name="Price">This part of the job's price.</param>
/// <param name="DecidedAt">Unix milliseconds, UTC.</param>
public sealed record LedgerEntry(Cid Job, Cid Proof, Payee Miner, MiningMode Mode, Usdc Price, long DecidedAt);

/// <summary>A check of another miner's work that gave a result.</summary>
/// <param name="Job">The job's CID.</param>
/// <param name="Checker">Who did it, and the address that is paid.</param>
/// <param name="Fee">What it is worth.</param>
/// <param name="DecidedAt">Unix milliseconds, UTC.</param>
public sealed record CheckEntry(Cid Job, Payee Checker, Usdc Fee, long DecidedAt);

/// <summary>Somebody who is paid: a name, and the address fixed for it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Address">Where the money goes.</param>
public readonly record struct Payee(EnsName Name, EthAddress Address);

/// <summary>An amount for a payee.</summary>
/// <param name="To">Who.</param>
/// <param name="Amount">How much; may be zero.</param>
public sealed record Payout(Payee To, Usdc Amount);

/// <summary>Who gets what of an epoch's volume.</summary>
/// <param name="Operations">What the ledger's operations payee gets.</param>
/// <param name="Miners">The miners' parts: at most one entry a payee, in the order of (name, address).</param>
public sealed record Settlement(Usdc Operations, IReadOnlyList<Payout> Miners)
{
    /// <summary>
    /// What the payees of <see cref="EpochLedger.Declared"/> get: at most one entry a payee, in any order; who is left out gets nothing. Default
    /// empty. A payee that mined too has an entry here and one among the miners.
    /// </summary>
    public IReadOnlyList<Payout> Declared { get; init; } = [];
}
