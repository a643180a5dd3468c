using System.Text.Json;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Simulation.Engine;
using SwarmPool.Simulation.Parties;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Checks;

/// <summary>
/// Reads each record when it is durable, and holds it against rules of its own: nothing accepted, decided or paid twice,
/// claims behind rising fences, volume exact, and the same events from the rules again.
/// </summary>
internal sealed class JournalOracle(Pump pump, DecideFunction decide)
{
    private readonly StandingOracle standing = new();
    private readonly HashSet<(long Sequence, string Type)> unsaid = [];
    private JournalHead head = JournalHead.Empty;
    private long fence;
    private long term;
    private long at;

    public PoolState State { get; } = new();

    public Dictionary<Cid, JobModel> Jobs { get; } = [];

    public EpochOracle Epochs { get; } = new(pump);

    public HashSet<string> Seen { get; } = [];

    /// <summary>What is durable and was never announced.</summary>
    public IReadOnlyCollection<(long Sequence, string Type)> Unsaid => unsaid;

    public void Say(string type, long from, long to) => unsaid.RemoveWhere(one => one.Type == type && one.Sequence >= from && one.Sequence <= to);

    public void Read(IReadOnlyList<JournalRecord> batch)
    {
        foreach (var stored in batch)
        {
            Require(stored.Sequence == head.Sequence + 1 && stored.Previous.Span.SequenceEqual(head.Hash.Span), $"record {stored.Sequence} does not follow {head.Sequence}");
            head = new JournalHead(stored.Sequence, stored.Hash);
            Read(RecordCodec.Decode(stored, withInput: true));
        }
    }

    private void Read(PoolRecord record)
    {
        Require(record.At >= at, $"record {record.Sequence} is dated before the one before it");
        at = record.At;
        var latest = SimTime.Beginning.ToUnixTimeMilliseconds() + pump.Elapsed.TotalMilliseconds + SimTime.MostSkew.TotalMilliseconds;
        Require(at <= latest, $"record {record.Sequence} is dated {at - latest:0} ms ahead of every clock that did not jump");
        var again = decide(State, record.Input!, record.Facts, record.At);
        Require(Text(again.Events) == Text(record.Events), $"record {record.Sequence} holds {Text(record.Events)}, but the rules decide {Text(again.Events)}");
        if (record.Input is MessageInput { Snapshot.Body.Signer: var signer })
        {
            var account = record.Facts.Signer?.Delegation is null ? Cast.AddressOf(signer) : Cast.SessionKey.Address;
            Require(record.Facts.Signer?.Account == account, $"record {record.Sequence} was not signed by {signer}");
        }

        foreach (var e in record.Events)
        {
            Seen.Add(e.GetType().Name);
            Check(e, record);
        }

        CheckWhole(record);
        State.Apply(record.Sequence, record.At, record.Events);
        var notices = new AnnouncementBatch();
        notices.Add(record, State);
        unsaid.UnionWith(notices.ByType.Keys.Select(type => (record.Sequence, type)));
    }

    private void Check(PoolEvent e, PoolRecord record)
    {
        switch (e)
        {
            case PoolStarted s: Start(s); break;
            case PoolResumed: Lift(State.Settings!.ClaimTimeoutMs); break;
            case JobAccepted a: Accept(a, record); break;
            case JobClaimed c: Claim(c); break;
            case LeaseRenewed r: Renew(r); break;
            case LeaseEnded l: EndLease(l); break;
            case ProofAccepted p: Prove(p); break;
            case ReplicaAdded r: AddReplica(r, record.Facts.Verdict); break;
            case JobDecided d: Decide(d); break;
            case JobRequeued r: Requeue(r, record); break;
            case JobFailed f: Fail(f); break;
            case JobCancelled c: Cancel(c); break;
            case ProofDisputed d: Strike(Open(d.Cid), d.Miner, isSilence: false); break;
            case MinerRegistered r: standing.Register(r); break;
            case JobBlamed b: standing.TakeBack(b.Miners, b.Client, at); break;
            case EpochOpened or EpochClosed or EpochSettled or EpochSealed: Epochs.Read(e, record.Facts); break;
        }
    }

    private void Start(PoolStarted e)
    {
        Require(e.Term > term, $"term {e.Term} begins after term {term}");
        term = e.Term;
        Lift(e.Settings.ClaimTimeoutMs);
    }

    // A pool's outage costs no miner its claim, nor does a pause.
    private void Lift(long lease)
    {
        foreach (var job in Jobs.Values)
        {
            foreach (var (fence, held) in job.Leases)
            {
                job.Leases[fence] = held with { Until = Math.Max(held.Until, at + lease) };
            }
        }
    }

    private void Claim(JobClaimed e)
    {
        var job = Open(e.Cid);
        Require(e.Fence > fence, $"claim {e.Fence} comes after claim {fence}");
        fence = e.Fence;
        Require(job.Leases.Count + job.Proofs.Count < job.Replicas, $"{e.Cid} is claimed by {e.Miner} though nobody more is wanted");
        Require(e.Attempt == job.Attempt, $"{e.Cid} is claimed at attempt {e.Attempt}, and stands at {job.Attempt}");
        var with = standing.Of(e.Miner, job.Accepted.Client);
        Require(with.PauseUntil <= at, $"{e.Miner} claims a job of {job.Accepted.Client} while it should cool down");
        Require(with.IsGood || job.ReservedUntil <= at, $"{e.Miner} did nothing for {job.Accepted.Client} and is given a job that is kept for others");
        var held = Held(e.Miner);
        Require(held < State.Settings!.ClaimsPerMiner, $"{e.Miner} holds {held} claims and gets another");
        job.Leases.Add(e.Fence, new LeaseModel(e.Cid, e.Miner, e.Attempt, e.LeaseUntil, e.LimitUntil));
    }

    private void AddReplica(ReplicaAdded e, VerdictFact? verdict)
    {
        var settings = State.Settings!;
        Require(
            verdict is { NeedReplica: true } && verdict.Verifier == settings.Verifier && settings.VerifierMayAsk == true, $"a replica of {e.Cid} is asked for that its verifier did not want, or can't");
        Open(e.Cid).Replicas++;
    }

    private void Renew(LeaseRenewed e)
    {
        var job = Open(e.Cid);
        var lease = job.Leases[e.Fence];
        Require(e.LeaseUntil <= Math.Max(lease.LimitUntil, lease.Until), $"claim {e.Fence} is renewed beyond its limit");
        Require(lease.Until > at, $"claim {e.Fence} is renewed after it ran out");
        job.Leases[e.Fence] = lease with { Until = e.LeaseUntil };
    }

    private void EndLease(LeaseEnded e)
    {
        var job = Open(e.Cid);
        if (!job.Leases.Remove(e.Fence, out var lease))
        {
            Require(false, $"claim {e.Fence} ends that is not live");
            return;
        }

        var lapsed = e.Reason == LeaseEndReasons.Timeout;
        Require(!lapsed || lease.Until <= at, $"claim {e.Fence} is ended {lease.Until - at} ms before its time");
        job.CountedAttempts += standing.Of(e.Miner, job.Accepted.Client).IsGood ? 1 : 0;
        Strike(job, e.Miner, lapsed && lease.Until < lease.LimitUntil);
    }

    private void Strike(JobModel job, EnsName miner, bool isSilence)
    {
        job.TriedBy[miner] = job.TriedBy.GetValueOrDefault(miner) + 1;
        standing.Strike(miner, job.Accepted.Client, at, State.Settings!.CoolDownMs, isSilence);
    }

    private void Prove(ProofAccepted e)
    {
        var job = Open(e.Cid);
        if (!job.Leases.Remove(e.Fence, out var lease))
        {
            Require(false, $"a proof of {e.Miner} is taken without a live claim {e.Fence}");
            return;
        }

        Require(lease.Miner == e.Miner && lease.Attempt == e.Attempt, $"claim {e.Fence} of {lease.Miner} is proved by {e.Miner}");
        Require(lease.Until > at, $"a proof is taken {at - lease.Until} ms after its claim {e.Fence} ran out");
        Require(e.Payee == Cast.AddressOf(e.Miner), $"the proof of {e.Miner} would be paid to {e.Payee}");
        job.Proofs.Add(e);
    }

    private void Decide(JobDecided e)
    {
        var job = Open(e.Cid);
        job.Decided = e;
        job.DecidedIn = Epochs.Open;
        job.Leases.Clear();
        var paid = e.Parts.Sum(p => p.Price.Micro);
        Require(paid == job.Accepted.Price.Micro, $"{e.Cid} costs {job.Accepted.Price.Micro} and pays {paid} micro-USDC");
        Require(e.Parts.Count * 2 > job.Replicas, $"{e.Cid} is decided by {e.Parts.Count} of {job.Replicas} replicas");
        foreach (var part in e.Parts)
        {
            Require(job.Proofs.Exists(p => p.ProofCid == part.ProofCid && p.Miner == part.Miner && p.Payee == part.Payee), $"{e.Cid} pays {part.Miner} for no proof of its own");
            standing.Work(part.Miner, job.Accepted.Client, at);
        }

        Require(e.Parts.Select(p => p.ProofCid).Distinct().Count() == e.Parts.Count, $"{e.Cid} pays a proof twice");
        Epochs.Add(paid);
    }

    private void Requeue(JobRequeued e, PoolRecord record)
    {
        var job = Open(e.Cid);
        Require(e.Attempt == job.Attempt + 1, $"{e.Cid} comes back at attempt {e.Attempt} after {job.Attempt}");
        job.Attempt = e.Attempt;
        job.ReservedUntil = Reserved(job, [.. record.Events.Select(o => o switch { LeaseEnded l => l.Miner, ProofAccepted p => p.Miner, _ => default })]);
        if (job.Proofs.Count == job.Replicas)
        {
            job.Proofs.Clear();
        }
    }

    private void Fail(JobFailed e)
    {
        var job = Open(e.Cid);
        Require(e.Reason != "expired" || job.Accepted.DeadlineMs <= at, $"{e.Cid} expires before its deadline");
        Require(
            e.Reason == "expired" || job.CountedAttempts >= State.Settings!.MaxAttempts || standing.Miners.All(miner => job.TriedBy.GetValueOrDefault(miner) >= State.Settings.MaxAttempts),
            $"{e.Cid} fails at attempt {job.Attempt}, of which {job.CountedAttempts} were of miners that had worked for its client");
        job.Ended = e.Reason;
        job.Leases.Clear();
    }

    private void Accept(JobAccepted e, PoolRecord record)
    {
        Require(Jobs.TryAdd(e.Cid, new JobModel(e)), $"{e.Cid} is accepted twice");
        Require(record.Facts.InputBytes is not null, $"{e.Cid} is accepted though nobody looked for its input");
        Jobs[e.Cid].ReservedUntil = Jobs.Count % StandingOracle.NewcomersShare == 0 ? 0 : Reserved(Jobs[e.Cid], []);
    }

    // While a miner that has worked for the client waits for work, it has a head start; who had the job until now does not wait for it.
    private long Reserved(JobModel job, HashSet<EnsName> had) => standing.Good(job.Accepted.Client, at).Any(miner => Held(miner) == 0 && !had.Contains(miner)) ? at + (State.Settings!.HeadStartMs ?? 0) : 0;

    private int Held(EnsName miner) => Jobs.Values.Sum(job => job.Leases.Values.Count(lease => lease.Miner == miner));

    private void Cancel(JobCancelled e)
    {
        var job = Open(e.Cid);
        Require(job.Leases.Count == 0 && job.Proofs.Count == 0, $"{e.Cid} is cancelled though somebody works on it");
        job.Ended = "cancelled";
    }

    // What belongs together is one record, so that no crash comes between.
    private void CheckWhole(PoolRecord record)
    {
        foreach (var e in record.Events)
        {
            if (e is LeaseEnded ended)
            {
                Require(record.Events.Any(o => o is JobRequeued or JobFailed), $"{ended.Cid} lost its claim and was not put back");
            }
            else if (e is ProofAccepted proof && Jobs.TryGet(proof.Cid) is { } job && job.Proofs.Count >= job.Replicas)
            {
                Require(record.Events.Any(o => o is JobDecided or JobRequeued or JobFailed), $"{proof.Cid} has all its proofs and is not decided");
            }
        }
    }

    private JobModel Open(Cid cid)
    {
        if (!Jobs.TryGetValue(cid, out var job))
        {
            throw new SwarmPoolException("simulation", $"{cid} was never accepted");
        }

        Require(job.IsOpen, $"{cid} is {job.Ended ?? "decided"} already");
        return job;
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            pump.Problem("journal: " + otherwise);
        }
    }

    private static string Text(IReadOnlyList<PoolEvent> events) => JsonSerializer.Serialize(events, PoolJson.Default.IReadOnlyListPoolEvent);
}

internal static class Lookups
{
    public static TValue? TryGet<TKey, TValue>(this Dictionary<TKey, TValue> table, TKey key)
        where TKey : notnull
        where TValue : class => table.GetValueOrDefault(key);
}
