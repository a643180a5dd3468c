using System.Globalization;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Announcing;

/// <summary>What is announced of commitments and checks.</summary>
internal static class CheckAnnouncements
{
    /// <summary>Whether a claim's answer has to be committed to: true, or null as it is written where work is not checked.</summary>
    public static bool? Commits(PoolState state) => state.Checks is null ? null : true;

    /// <summary>Adds what an event means; the state is the one after its record, or any later one.</summary>
    public static void Add(AnnouncementBatch announcements, PoolEvent e, PoolRecord record, PoolState state)
    {
        switch (e)
        {
            case ProofCommitted c:
                announcements.Add(SnapshotTypes.ProofsCommitted, Committed(c.Cid, c.Attempt, c.Miner, c.Fence, c.RevealUntil));
                break;
            case RevealAsked r when state.Jobs.TryGet(r.Cid, out var job):
                AddAsked(announcements, job, r);
                break;
            case CheckAssigned c when state.Jobs.TryGet(c.Cid, out var job):
                announcements.Add(SnapshotTypes.ChecksNew, New(job, c.Attempt, c.Miner, c.Fence, c.Kind, c.LeaseUntil, c.LimitUntil));
                break;
            case CheckEnded c:
                announcements.Add(SnapshotTypes.ChecksDecided, new CheckDecidedItem(c.Cid, ExecutorOf(c.Cid, record, state, c.Miner), CheckVerdicts.None, Usdc.Zero) { Checker = c.Miner, Reason = Ended(c) });
                break;
            case CheckProved c:
                announcements.Add(SnapshotTypes.ProofsAccepted, new ProofAcceptedItem(c.Cid, c.ProofCid, c.OutputCid, c.Attempt, c.Miner, "", false));
                break;
            case CheckScored c when !record.Events.Any(other => other is CheckDecided decided && decided.Fence == c.Fence):
                announcements.Add(SnapshotTypes.ChecksDecided, new CheckDecidedItem(c.Cid, ExecutorOf(c.Cid, record, state, c.Miner), CheckVerdicts.None, Usdc.Zero) { Checker = c.Miner, ProofCid = c.ProofCid, Reason = "It is decided when another has scored it too." });
                break;
            case CheckDecided c:
                announcements.Add(SnapshotTypes.ChecksDecided, Decided(c, record, state));
                break;
            case WorkRefused w:
                announcements.Add(SnapshotTypes.ChecksDecided, new CheckDecidedItem(w.Cid, w.Miner, CheckVerdicts.Wrong, Usdc.Zero) { Code = ErrorCodes.WorkFoundWrong, Reason = Refused(w.Reason) });
                break;
            case JobDecided { Check: ProofChecks.Unchecked } d:
                d.Parts.ToList().ForEach(part => announcements.Add(SnapshotTypes.ChecksDecided, new CheckDecidedItem(d.Cid, part.Miner, CheckVerdicts.Unchecked, Usdc.Zero) { ProofCid = part.ProofCid }));
                break;
        }
    }

    /// <summary>Adds the parts of a decided job whose proofs were taken by records before.</summary>
    public static void AddDecided(AnnouncementBatch announcements, JobDecided decided, PoolRecord record, PoolState state)
    {
        if (decided.Check is null || !state.Jobs.TryGet(decided.Cid, out var job))
        {
            return;
        }

        foreach (var part in decided.Parts.Where(part => !record.Events.Any(other => other is ProofAccepted now && now.ProofCid == part.ProofCid)))
        {
            if (job.Proofs.Find(proof => proof.ProofCid == part.ProofCid) is { } proof)
            {
                announcements.Add(SnapshotTypes.ProofsAccepted, new ProofAcceptedItem(
                    job.Cid, proof.ProofCid, proof.OutputCid, proof.Attempt, proof.Miner, EpochAccount.IdOf(job.Epoch), true)
                { Check = job.Checked });
            }
        }
    }

    /// <summary>Adds what those who committed, or check, have to know of a job that is open.</summary>
    public static void AddCondition(AnnouncementBatch announcements, JobEntry job)
    {
        foreach (var lease in job.Leases.Where(static lease => lease.Commitment is not null))
        {
            announcements.Add(SnapshotTypes.ProofsCommitted, Committed(job.Cid, lease.Attempt, lease.Miner, lease.Fence, lease.Waits ? null : lease.Until));
        }

        foreach (var check in job.Checking?.Works ?? [])
        {
            if (check.ProofCid is { } proof)
            {
                announcements.Add(SnapshotTypes.ProofsAccepted, new ProofAcceptedItem(job.Cid, proof, check.OutputCid!.Value, check.Attempt, check.Miner, "", false));
            }
            else if (check.Commitment is not null)
            {
                announcements.Add(SnapshotTypes.ProofsCommitted, Committed(job.Cid, check.Attempt, check.Miner, check.Fence, check.Waits ? null : check.Until));
            }
            else if (!check.HasResult)
            {
                announcements.Add(SnapshotTypes.ChecksNew, New(job, check.Attempt, check.Miner, check.Fence, check.Kind, check.Until, check.LimitUntil));
            }
        }
    }

    private static void AddAsked(AnnouncementBatch announcements, JobEntry job, RevealAsked asked)
    {
        foreach (var fence in asked.Fences)
        {
            // Who has shown it meanwhile need not be asked.
            if (job.LeaseOf(fence) is { } lease)
            {
                announcements.Add(SnapshotTypes.ProofsCommitted, Committed(job.Cid, lease.Attempt, lease.Miner, fence, asked.RevealUntil));
            }
            else if (job.Checking?.WorkOf(fence) is { } check)
            {
                announcements.Add(SnapshotTypes.ProofsCommitted, Committed(job.Cid, check.Attempt, check.Miner, fence, asked.RevealUntil));
            }
        }
    }

    private static ProofCommittedItem Committed(Cid job, int attempt, EnsName miner, long fence, long? revealUntil) =>
        new(job, attempt, miner, fence, revealUntil is null ? RevealTimes.Wait : RevealTimes.Now) { RevealUntil = revealUntil };

    private static CheckNewItem New(JobEntry job, int attempt, EnsName miner, long fence, string kind, long until, long limit) =>
        new(job.Cid, attempt, miner, fence, kind, until, limit, job.Model, job.JobType)
        {
            PackCid = job.PackCid,
            ProofCid = kind == CheckKinds.Score ? job.Proofs.LastOrDefault()?.ProofCid : null,
        };

    private static CheckDecidedItem Decided(CheckDecided e, PoolRecord record, PoolState state) =>
        new(e.Cid, ExecutorOf(e.Cid, record, state, e.Checker), e.Verdict, e.Fee)
        {
            Checker = e.Checker,
            Code = e.Marked == true ? ErrorCodes.CheckerOutvoted : null,
            Reason = e.Marked == true ? "The checker's own answer is not what the others got; it is marked." : null,
        };

    // Whose work was checked: by the record itself where that says it, since the state may have gone on.
    private static EnsName ExecutorOf(Cid job, PoolRecord record, PoolState state, EnsName otherwise) =>
        record.Events.OfType<WorkRefused>().FirstOrDefault(one => one.Cid == job)?.Miner
        ?? (record.Events.OfType<JobDecided>().FirstOrDefault(one => one.Cid == job) is { Parts: [var part, ..] } ? part.Miner : default(EnsName?))
        ?? record.Events.OfType<ProofAccepted>().FirstOrDefault(one => one.Cid == job)?.Miner
        ?? (state.Jobs.TryGet(job, out var entry) ? WhoseOf(entry) : null)
        ?? otherwise;

    private static EnsName? WhoseOf(JobEntry job) => job switch
    {
        { Proofs: [var proof, ..] } => proof.Miner,
        { Leases: [var lease, ..] } => lease.Miner,
        _ => null,
    };

    private static string Ended(CheckEnded e) => string.Create(CultureInfo.InvariantCulture, $"The check ended without a result: {e.Reason}{(e.Detail is { } why ? $" ({why})" : "")}.");

    private static string Refused(string reason) => reason switch
    {
        RefuseReasons.Outvoted => "More than half of those who did the job got something else. What is held of this payee and model is not paid.",
        RefuseReasons.Scores => "The scores of its checked answers are not an honest miner's. What is held of this payee and model is not paid.",
        RefuseReasons.Withheld => "An answer that was drawn was withheld, not for the first time. What is held of this payee and model is not paid.",
        RefuseReasons.Failed => "The answer failed when it was scored; another miner does the job.",
        RefuseReasons.OtherClass => "More than half got something else, none of them with the same model file, runtime, device and precision; another miner does the job.",
        _ => reason,
    };
}
