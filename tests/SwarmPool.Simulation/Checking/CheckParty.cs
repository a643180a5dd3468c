using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Simulation.Engine;
using SwarmPool.Snapshots;

namespace SwarmPool.Simulation.Checking;

/// <summary>What a miner is up to.</summary>
internal enum CheckMove
{
    Honest = 0,

    /// <summary>Answers wrongly, always or often.</summary>
    Liar,

    /// <summary>Says what it saw others say, or commits to what others committed to.</summary>
    Copycat,

    /// <summary>One of two names of one payee: both say the same wrong thing.</summary>
    Alias,

    /// <summary>Checks without looking: whatever it is asked to score passes.</summary>
    LazyChecker,

    /// <summary>Finds everybody else's work wrong.</summary>
    Slanderer,

    /// <summary>Answers wrongly, and shows it only when it sees that it is not checked.</summary>
    Withholder,

    /// <summary>Gives every job back as failed at once.</summary>
    FastFailer,

    /// <summary>Answers rightly until it is drawn rarely, then wrongly.</summary>
    TrustBuilder,

    /// <summary>One of two payees that say the same wrong thing: what no draw can tell while the other of them checks it.</summary>
    Colluder,
}

/// <summary>A miner of the simulation of checks: it sees the pool's state, as if it had heard all announcements, and says what it likes.</summary>
internal sealed class CheckParty(CheckWorld world, EnsName name, EthAddress payee, CheckMove move, double lies, Dice dice)
{
    private readonly Dictionary<long, (string Output, string Commitment, long ReadyAt)> answers = [];

    public EnsName Name => name;

    public EthAddress Payee => payee;

    public CheckMove Move => move;

    public bool IsHonest => move == CheckMove.Honest;

    /// <summary>Acts on what it sees. Messages get lost while there is trouble.</summary>
    public void Act(bool isCalm)
    {
        if (!isCalm && dice.Chance(0.15))
        {
            return; // It hears nothing for a while.
        }

        foreach (var job in world.OpenJobs())
        {
            if (job.Leases.Find(lease => lease.Miner == name) is { } lease)
            {
                Work(job, lease.Fence, lease.Attempt, lease.Commitment, lease.Reveals == true, lease.Drawn == true, null);
            }

            if (job.Checking?.Works.Find(work => work.Miner == name && !work.HasResult) is { } check)
            {
                Work(job, check.Fence, check.Attempt, check.Commitment, check.Reveals == true, false, check);
            }
        }

        foreach (var job in world.OpenJobs().Where(static job => job.Phase == JobPhase.Pending))
        {
            if (dice.Chance(0.4))
            {
                world.Send(world.Messages.Claim(job, name));
            }
        }
    }

    private void Work(JobEntry job, long fence, int attempt, string? commitment, bool reveals, bool drawn, CheckWork? check)
    {
        if (move == CheckMove.FastFailer && commitment is null)
        {
            world.Send(world.Messages.Release(job, name, fence, attempt, LeaseEndReasons.Failed));
            return;
        }

        if (!answers.TryGetValue(fence, out var answer))
        {
            answers[fence] = answer = (Output(job, check), "", world.At + dice.Between(500, 20_000));
        }

        if (world.At < answer.ReadyAt)
        {
            world.Send(world.Messages.Heartbeat(job, name, fence));
        }
        else if (check?.Kind == CheckKinds.Score)
        {
            world.Send(world.Messages.Score(job, check, name, Passes(job)));
        }
        else if (commitment is null)
        {
            answers[fence] = answer with { Commitment = Commitment(job, fence, attempt, answer.Output) };
            world.Send(world.Messages.Commit(job, name, fence, attempt, answers[fence].Commitment));
        }
        else if (reveals && !(move == CheckMove.Withholder && (drawn || job.Replicas > 1)))
        {
            // A thief shows what the others have shown by now.
            var shown = move == CheckMove.Copycat && job.Proofs.Count + (job.Checking?.Works.Count(static work => work.OutputCid is not null) ?? 0) > 0
                ? job.Proofs.Select(static proof => proof.OutputCid).Concat(job.Checking!.Works.Where(static work => work.OutputCid is not null).Select(static work => work.OutputCid!.Value)).First()
                : CheckMessages.OutputOf(answer.Output);
            world.Send(world.Messages.Proof(job, name, fence, attempt, shown));
        }
        else if (!reveals && move == CheckMove.Copycat && dice.Chance(0.3))
        {
            world.Send(world.Messages.Proof(job, name, fence, attempt, CheckMessages.OutputOf(answer.Output))); // Before anybody asked.
        }
    }

    private string Commitment(JobEntry job, long fence, int attempt, string output)
    {
        if (move != CheckMove.Copycat || (job.Replicas == 1 && job.LeaseOf(fence) is not null))
        {
            return CheckMessages.CommitmentTo(job.Cid, name, fence, attempt, CheckMessages.OutputOf(output));
        }

        var seen = job.Leases.Find(lease => lease.Miner != name && lease.Commitment is not null)?.Commitment;
        return seen ?? CheckMessages.CommitmentTo(job.Cid, name, fence, attempt, CheckMessages.OutputOf(output));
    }

    // A right answer is the same for all; a wrong one is its own, but for those who conspire.
    private string Output(JobEntry job, CheckWork? check) => move switch
    {
        CheckMove.Liar when dice.Chance(lies) => $"wrong {name} {job.Number}",
        CheckMove.Copycat when check is not null || job.Replicas > 1 => $"nothing {name} {job.Number}",
        CheckMove.Alias or CheckMove.Colluder => $"wrong {job.Number}",
        CheckMove.Slanderer when check is not null => $"slander {job.Number}",
        CheckMove.Withholder when check is null => $"wrong {name} {job.Number}",
        CheckMove.TrustBuilder when check is null && world.State.Trust.Find(payee, job.Wanted)?.Decided > 60 => $"wrong {name} {job.Number}",
        _ => CheckMessages.Right(job),
    };

    // Whoever looks sees whether the executor's answer is right.
    private bool Passes(JobEntry job) => move switch
    {
        CheckMove.LazyChecker or CheckMove.Alias or CheckMove.Colluder => true,
        CheckMove.Slanderer => false,
        _ => job.Proofs[0].OutputCid == CheckMessages.OutputOf(CheckMessages.Right(job)),
    };
}
