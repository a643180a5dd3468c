using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>Who takes part in a job's present round, and how far each is: a view of the job, with what is about to be decided.</summary>
internal sealed class Round(IReadOnlyList<RoundPart> parts)
{
    public IReadOnlyList<RoundPart> Parts => parts;

    public IEnumerable<RoundPart> Executors => parts.Where(static part => part.Kind is null);

    /// <summary>Those who run the job again.</summary>
    public IEnumerable<RoundPart> Runs => parts.Where(static part => part.Kind == CheckKinds.Run);

    /// <summary>Those who score the executor's answer.</summary>
    public IEnumerable<RoundPart> Scorers => parts.Where(static part => part.Kind == CheckKinds.Score);

    public static Round Of(JobEntry job) => new(
    [
        .. job.Proofs.Select(static proof => new RoundPart(proof.Fence, proof.Attempt, proof.Miner, proof.Payee)
        {
            Mode = proof.Mode,
            Committed = true,
            Drawn = proof.Drawn == true,
            Proof = proof.ProofCid,
            Output = proof.OutputCid,
            Class = proof.Class,
            Usage = proof.Usage,
        }),
        .. job.Leases.Select(static lease => new RoundPart(lease.Fence, lease.Attempt, lease.Miner, lease.Payee ?? default)
        {
            Mode = lease.Mode,
            Committed = lease.Commitment is not null,
            Reveals = lease.Reveals == true,
            Drawn = lease.Drawn == true,
        }),
        .. (job.Checking?.Works ?? []).Select(static work => new RoundPart(work.Fence, work.Attempt, work.Miner, work.Payee)
        {
            Kind = work.Kind,
            Committed = work.Commitment is not null,
            Reveals = work.Reveals == true,
            Proof = work.ProofCid,
            Output = work.OutputCid,
            Class = work.Class,
            Usage = work.Usage,
            Grade = work.Grade,
            Positions = work.Positions ?? 0,
        }),
    ]);

    public RoundPart this[long fence] => parts.Single(part => part.Fence == fence);

    public Round With(RoundPart changed) => new([.. parts.Select(part => part.Fence == changed.Fence ? changed : part)]);

    /// <summary>Who has just left it: not asked to take part again.</summary>
    public RoundPart? Gone { get; private init; }

    public Round Without(long fence) => new([.. parts.Where(part => part.Fence != fence)]) { Gone = this[fence] };
}

/// <summary>One part in a round.</summary>
internal sealed record RoundPart(long Fence, int Attempt, EnsName Miner, EthAddress Payee)
{
    /// <summary>One of <see cref="CheckKinds"/>; null for an executor.</summary>
    public string? Kind { get; init; }

    public MiningMode Mode { get; init; }

    /// <summary>Whether it is bound to an answer.</summary>
    public bool Committed { get; init; }

    /// <summary>Whether it was told to show it.</summary>
    public bool Reveals { get; init; }

    /// <summary>Whether it is to be checked.</summary>
    public bool Drawn { get; init; }

    /// <summary>The proof that shows its answer, or that it scored; null until then.</summary>
    public Cid? Proof { get; init; }

    public Cid? Output { get; init; }

    public string? Class { get; init; }

    /// <summary>What was counted for its answer; null where the job pays its price.</summary>
    public JobUsage? Usage { get; init; }

    public string? Grade { get; init; }

    public int Positions { get; init; }
}
