using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>
/// A sealed epoch: what was decided, who is paid, and all that a stranger needs to recompute it. A pure function of the journal.
/// </summary>
public sealed record EpochSnapshot : Snapshot
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.Epoch;

    /// <inheritdoc/>
    [JsonIgnore]
    public override EnsName Signer => Pool;

    /// <summary>The epoch's identity, e.g. "epoch-7".</summary>
    public required string EpochId { get; init; }

    /// <summary>1 for the first.</summary>
    public required long Number { get; init; }

    /// <summary>"sealed".</summary>
    public required string Status { get; init; }

    /// <summary>The CID of the epoch before; absent for the first.</summary>
    public Cid? PreviousEpoch { get; init; }

    /// <summary>Unix milliseconds, UTC.</summary>
    public required long StartedAt { get; init; }

    /// <summary>Unix milliseconds, UTC.</summary>
    public required long EndedAt { get; init; }

    /// <summary>Jobs that are paid: those decided in it or, where work is held back, in the epochs from <see cref="WorkFrom"/> to <see cref="WorkTo"/>.</summary>
    public required long JobsCount { get; init; }

    /// <summary>Proofs that are paid.</summary>
    public required long ProofsCount { get; init; }

    /// <summary>The sum of the paid proofs' prices.</summary>
    public required Usdc TotalVolumeUsdc { get; init; }

    /// <summary>Pages of <see cref="EpochProofItem"/>, in the order decided.</summary>
    public required IReadOnlyList<Cid> Proofs { get; init; }

    /// <summary>Merkle root over the proofs (StandardMerkleTree of (bytes32 job, bytes32 proof, address payee, uint256 micro)); 0x and 64 hex digits.</summary>
    public required string MerkleRoot { get; init; }

    /// <summary>The policy that settled it.</summary>
    public required PolicyIdentity Policy { get; init; }

    /// <summary>True when the policy is not the one that the pool ran when the epoch closed.</summary>
    public required bool PolicyReplaced { get; init; }

    /// <summary>Who gets what.</summary>
    public required EpochSettlements Settlements { get; init; }

    /// <summary>Merkle root over the payouts, operations and declared payees among them (StandardMerkleTree of (address, uint256 micro)); 0x and 64 hex digits.</summary>
    public required string PayoutRoot { get; init; }

    /// <summary>SHA-256 of the state that the epoch opened with, lower-case hex.</summary>
    public required string OpeningState { get; init; }

    /// <summary>The first journal record of the epoch.</summary>
    public required long FromSequence { get; init; }

    /// <summary>The last journal record of the epoch (its closing).</summary>
    public required long ToSequence { get; init; }

    /// <summary>The hash of that last record, lower-case hex.</summary>
    public required string JournalRoot { get; init; }

    /// <summary>Pages of the epoch's journal records: one record a line, UTF-8 JSON, LF.</summary>
    public required IReadOnlyList<Cid> Journal { get; init; }

    /// <summary>The secret that its draws were made by, and what was committed of it when it opened; absent where the pool checks no work.</summary>
    public EpochDraw? Draw { get; init; }

    /// <summary>The first epoch whose work it pays; absent where work is not held back: then it pays its own.</summary>
    public long? WorkFrom { get; init; }

    /// <summary>The last epoch whose work it pays; absent as <see cref="WorkFrom"/>, or when it pays none (then less than <see cref="WorkFrom"/>).</summary>
    public long? WorkTo { get; init; }

    /// <summary>What goes back to clients, since the work was refused after it was decided; absent when nothing does.</summary>
    public EpochRefunds? Refunds { get; init; }

    /// <summary>The checks of others' work that it pays for, decided in the same epochs; absent when there are none.</summary>
    public EpochChecks? Checks { get; init; }
}

/// <summary>What an epoch's draws were made by.</summary>
/// <param name="Commitment">SHA-256 of the secret's bytes, lower-case hex, published when the epoch opened.</param>
/// <param name="Secret">32 bytes, lower-case hex.</param>
public sealed record EpochDraw(string Commitment, string Secret);

/// <summary>What clients owe no longer.</summary>
/// <param name="Total">The sum of the items' prices.</param>
/// <param name="Items">Pages of <see cref="RefundItem"/>, in the order decided.</param>
public sealed record EpochRefunds(Usdc Total, IReadOnlyList<Cid> Items);

/// <summary>A decided part of a job that is not paid after all: its miner's work was found wrong while it was held.</summary>
/// <param name="JobCid">The job.</param>
/// <param name="ProofCid">The proof.</param>
/// <param name="Client">Who owes it no longer.</param>
/// <param name="Address">Who would have been paid.</param>
/// <param name="Price">How much.</param>
public sealed record RefundItem(Cid JobCid, Cid ProofCid, EnsName Client, EthAddress Address, Usdc Price);

/// <summary>Checks of others' work that gave a result.</summary>
/// <param name="Count">How many.</param>
/// <param name="Fees">What they are worth together; checkers get it out of the operations' part, as far as that goes.</param>
/// <param name="Items">Pages of <see cref="EpochCheckItem"/>, in the order decided.</param>
public sealed record EpochChecks(long Count, Usdc Fees, IReadOnlyList<Cid> Items);

/// <summary>A check that is paid for.</summary>
/// <param name="JobCid">The job whose work was checked.</param>
/// <param name="Miner">Who checked it.</param>
/// <param name="Address">The address fixed when the check was given to it.</param>
/// <param name="Fee">What it is worth.</param>
/// <param name="DecidedAt">Unix milliseconds, UTC.</param>
public sealed record EpochCheckItem(Cid JobCid, EnsName Miner, EthAddress Address, Usdc Fee, long DecidedAt);

/// <summary>A paid proof.</summary>
/// <param name="JobCid">The job.</param>
/// <param name="ProofCid">The proof.</param>
/// <param name="Miner">Who did it.</param>
/// <param name="Address">The address fixed when the proof was accepted.</param>
/// <param name="Mode">SOLO or PPS.</param>
/// <param name="Price">Its part of the job's price.</param>
/// <param name="DecidedAt">Unix milliseconds, UTC.</param>
public sealed record EpochProofItem(Cid JobCid, Cid ProofCid, EnsName Miner, EthAddress Address, MiningMode Mode, Usdc Price, long DecidedAt);

/// <summary>Who gets what of an epoch.</summary>
/// <param name="TotalVolume">What there was to share.</param>
/// <param name="MinerPool">The miners' sum.</param>
/// <param name="HiveOps">The operations' part.</param>
/// <param name="Operations">Who is paid the operations' part.</param>
/// <param name="Miners">Pages of <see cref="PayoutItem"/>, in the order of (name, address).</param>
public sealed record EpochSettlements(Usdc TotalVolume, Usdc MinerPool, Usdc HiveOps, PayoutItem Operations, IReadOnlyList<Cid> Miners)
{
    /// <summary>What the payees get that the policy declares besides miners and operations, each of them, in its order; absent when it declares nobody.</summary>
    public IReadOnlyList<PayoutItem>? Declared { get; init; }

    /// <summary>Pages of <see cref="PayoutItem"/>, in the order of (name, address): what miners get for checking others' work, out of the operations' part; absent when nobody does.</summary>
    public IReadOnlyList<Cid>? Checkers { get; init; }
}

/// <summary>An amount for a payee.</summary>
/// <param name="Miner">The payee's name.</param>
/// <param name="Address">Where the money goes.</param>
/// <param name="Amount">How much.</param>
public sealed record PayoutItem(EnsName Miner, EthAddress Address, Usdc Amount);

/// <summary>Which policy settled an epoch.</summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Version">The rule's version.</param>
/// <param name="Sha256">SHA-256 of the assembly that holds it, lower-case hex.</param>
public sealed record PolicyIdentity(string Name, string Version, string Sha256);
