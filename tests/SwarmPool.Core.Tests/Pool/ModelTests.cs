using System.Text.Json;
using CsCheck;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Pool;

/// <summary>Random histories of a small pool: whatever is sent, the books stay right, and the journal tells the same story again.</summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int Steps = 250;
    private const int Histories = 60;

    [Fact]
    public void Whatever_is_sent_the_books_stay_right_and_the_journal_gives_the_same_state_again()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var (sent, accepted, replaced) = (0, 0, 0);
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 1_000_000]).Array[Steps].Sample(
            steps =>
            {
                var settings = Bench.DefaultSettings with { MaxAttempts = 2, MaxAttemptMs = 90_000, MaxJobs = 40, MaxMiners = 5, RegistrationWindowMs = 300_000, IdleMinerMs = 60_000, ClientShare = 2 };
                var bench = new Bench(steps[0].Item2 % 3 == 0 ? settings : settings with { Rules = 2, HeadStartMs = 2000, MinAmount = Usdc.FromMicro(2), MaxUnpaid = Usdc.Parse("500") });
                var walk = new RandomWalk(bench);
                var invariants = new Invariants(bench.State);
                foreach (var (what, with) in steps)
                {
                    var before = bench.Records.Count;
                    walk.Step(what, with);
                    for (var i = before; i < bench.Records.Count; i++)
                    {
                        invariants.Hear(bench.Records[i]);
                    }

                    invariants.Check();
                }

                invariants.CheckPages();
                Replay(bench);
                sent += walk.Sent;
                accepted += walk.Accepted;
                replaced += bench.Events.OfType<MinerRegistered>().Count(e => e.InPlaceOf is not null);
                foreach (var e in bench.Events)
                {
                    seen[e.GetType().Name] = seen.GetValueOrDefault(e.GetType().Name) + 1;
                }
            },
            iter: Histories,
            threads: 1);

        output.WriteLine(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{accepted} of {sent} inputs accepted; events: {string.Join(", ", seen.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key} {e.Value}"))}"));

        // The test is worth something only if it gets everywhere.
        Assert.True(accepted >= sent * 0.3, $"only {accepted} of {sent} inputs were accepted");
        // Where work is checked: the simulation of checks tries that (CheckSimulationTests), and CheckRulesTests.
        var missing = EventsOfChecks.Others.Where(type => !seen.ContainsKey(type.Name)).Select(static type => type.Name);
        Assert.Empty(missing);
        Assert.True(replaced > 0, "no miner was forgotten for another");
    }

    private static void Replay(Bench bench)
    {
        var hash = StateHash.Of(bench.State);
        var applied = new PoolState();
        var judged = new PoolState();
        ReadOnlyMemory<byte> previous = new byte[32];
        PoolState? restored = null;
        var texts = new StringInterner(16); // so few that places are taken over
        foreach (var record in bench.Records)
        {
            var stored = RecordCodec.Encode(record, previous);
            previous = stored.Hash;
            var read = RecordCodec.Decode(stored, withInput: true);
            Assert.Equal(stored.Body.ToArray(), RecordCodec.Encode(read, stored.Previous).Body.ToArray());
            Assert.Equal(Text(record.Events), Text(RecordCodec.Decode(stored, withInput: false, texts).Events));

            // Audit: the recorded input, judged again, gives the recorded events.
            var again = PoolMachine.Decide(judged, read.Input!, read.Facts, read.At);
            Assert.Equal(Text(record.Events), Text(again.Events));
            judged.Apply(read.Sequence, read.At, again.Events);

            // Restart: the events alone give the same state, from the beginning or from a copy made half-way.
            applied.Apply(read.Sequence, read.At, read.Events);
            restored?.Apply(read.Sequence, read.At, read.Events);
            if (read.Sequence == bench.Records.Count / 2)
            {
                restored = StateCodec.Decode(StateCodec.Encode(applied));
                Assert.Equal(StateHash.Of(applied), StateHash.Of(restored));
                Assert.Equal(applied.Jobs.PageNumbers, restored.Jobs.ChangedPages);
                var decision = PoolMachine.Decide(applied, new TimeInput(), PoolFacts.None, read.At + 400_000);
                Assert.Equal(Text(decision.Events), Text(PoolMachine.Decide(restored, new TimeInput(), PoolFacts.None, read.At + 400_000).Events));
            }
        }

        Assert.Equal(hash, StateHash.Of(applied));
        Assert.Equal(hash, StateHash.Of(judged));
        Assert.Equal(hash, StateHash.Of(restored!));
        Assert.Equal(Due(applied), Due(restored!));
    }

    private static string Text(IReadOnlyList<PoolEvent> events) => JsonSerializer.Serialize(events, PoolJson.Default.IReadOnlyListPoolEvent);

    private static DueEntry? Due(PoolState state) => state.Due.TryPeek(out var due) ? due : null;
}

/// <summary>Sends one thing after another, mostly sensible, sometimes not.</summary>
internal sealed class RandomWalk(Bench bench)
{
    private readonly List<Cid> jobs = [];
    private readonly List<SignedSnapshot> delegations = [];
    private long term = 1;

    public int Sent { get; private set; }

    public int Accepted { get; private set; }

    public void Step(int what, int with)
    {
        switch (what)
        {
            case < 18: Job(with); break;
            case < 24: Count(bench.Send(bench.Messages.Registration(Messages.Miner(with % 7), with % 2 == 0 ? MiningMode.PPS : MiningMode.SOLO, null, Models(with)))); break;
            case < 50: Claim(with); break;
            case < 72: Prove(with); break;
            case < 76: Release(with); break;
            case < 80: Heartbeat(with); break;
            case < 82 when jobs.Count > 0: Count(bench.Send(bench.Messages.Cancel(jobs[^1]))); break;
            case < 92: Pass(with); break;
            case < 94: JobByDelegation(with); break;
            case < 95: Delegate(with); break;
            case < 97: Count(bench.Send(new EpochEndInput())); break;
            case < 99: Seal(with); break;
            default: Count(with % 2 == 0 ? bench.Send(new ResumedInput()) : bench.Send(new StartedInput(with % 5 == 0 ? term : ++term, bench.Settings))); break; // A daemon held up, or started anew.
        }
    }

    private static string[] Models(int with) => with % 10 == 0 ? ["another"] : [Messages.Model, "another"];

    private void Count(Decision decision)
    {
        Sent++;
        if (decision.Kind == DecisionKind.Accepted)
        {
            Accepted++;
        }
    }

    private void Job(int with)
    {
        var job = Bench.Signed(bench.Messages.Job(
            amount: Usdc.FromMicro(with % 20 == 0 ? 2_000_000_000 : with % 1000).ToString(),
            deadline: (bench.At / 1000) + 20 + (with % 400),
            replicas: with % 3 == 0 ? 2 : 1));
        var decision = bench.Send(job);
        Count(decision);
        if (decision.Kind == DecisionKind.Accepted)
        {
            jobs.Add(job.Cid);
        }
    }

    private void Delegate(int with)
    {
        if (with % 5 == 0 && delegations.Count > 0)
        {
            var taken = delegations[with % delegations.Count];
            Count(bench.Send(Session.RevocationOf(Messages.Client, taken.Digest, bench.At / 1000)));
            return;
        }

        var key = TestKeys.Of(Messages.Miner(with % 3)).Address;
        var body = Session.Of(Messages.Client, DelegationRoles.Client, key, bench.At / 1000, Usdc.FromMicro(1 + (with % 3000)).ToString());
        var delegation = Bench.Signed(body with { Expires = body.Timestamp + 100 + (with % 5000) });
        var decision = bench.Send(delegation);
        Count(decision);
        if (decision.Kind == DecisionKind.Accepted)
        {
            delegations.Add(delegation);
        }
    }

    private void JobByDelegation(int with)
    {
        if (delegations.Count == 0)
        {
            Delegate(1);
            return;
        }

        var delegation = delegations[^(1 + (with % Math.Min(3, delegations.Count)))];
        var job = Bench.Signed(bench.Messages.Job(amount: Usdc.FromMicro(with % 900).ToString(), deadline: (bench.At / 1000) + 20 + (with % 400)) with { Delegation = delegation.Cid });
        var signer = new NameFact(((DelegationSnapshot)delegation.Body).Key, TestKeys.Of(Messages.Client).Address, 0, null, null, delegation.Digest);
        var decision = bench.Send(new MessageInput(job), new PoolFacts { Signer = signer });
        Count(decision);
        if (decision.Kind == DecisionKind.Accepted)
        {
            jobs.Add(job.Cid);
        }
    }

    private void Claim(int with)
    {
        if (Pick(JobPhase.Pending, with) is { } job)
        {
            Count(bench.Send(bench.Messages.Claim(job.Cid, Messages.Miner(with % 7), with % 15 == 0 ? job.Attempt + 1 : job.Attempt)));
        }
    }

    private void Prove(int with)
    {
        if (Leased(with) is not { } job)
        {
            return;
        }

        var lease = job.Leases[with % job.Leases.Count];
        var output = with % 4 == 0 ? $"output {with}" : "the output";
        Count(bench.Prove(job.Cid, with % 17 == 0 ? Messages.Miner(with % 7) : lease.Miner, lease.Fence, output, lease.Attempt, needReplica: with % 11 == 0));
    }

    private void Release(int with)
    {
        if (Leased(with) is { } job)
        {
            var lease = job.Leases[0];
            Count(bench.Send(bench.Messages.Release(job.Cid, lease.Miner, lease.Fence, lease.Attempt, with % 4 == 0 ? "released" : "failed")));
        }
    }

    private void Heartbeat(int with)
    {
        if (Leased(with) is { } job)
        {
            Count(bench.Send(bench.Messages.Heartbeat(job.Leases[0].Miner, job.Cid, job.Leases[0].Fence)));
        }
    }

    private void Pass(int with)
    {
        bench.At += with % 30 == 0 ? 4_000_000 : with % 45_000;
        bench.Settle();
    }

    private void Seal(int with)
    {
        if (bench.State.Epochs.Closed.Find(e => e.SettledSequence == 0) is { } unsettled && with % 2 == 0)
        {
            Count(bench.Send(new SettledInput(unsettled.Number), bench.SettlementOf(unsettled.Number)));
        }
        else if (bench.State.Epochs.Closed.Count > 0)
        {
            Count(bench.Send(new SealedInput(bench.State.Epochs.Closed[0].Number, Messages.AnyCid($"epoch {with}"))));
        }
    }

    private JobEntry? Leased(int with) => Among(bench.State.Jobs.InOrder().Where(j => j.Leases.Count > 0).ToList(), with);

    private JobEntry? Pick(JobPhase phase, int with) => Among(bench.State.Jobs.InOrder().Where(j => j.Phase == phase).ToList(), with);

    private static JobEntry? Among(List<JobEntry> list, int with) => list.Count == 0 ? null : list[with % list.Count];
}

/// <summary>What must be so after each record, kept in books of its own.</summary>
internal sealed class Invariants(PoolState state)
{
    private readonly HashSet<Cid> accepted = [];
    private readonly HashSet<Cid> ended = [];
    private readonly HashSet<Cid> decided = [];
    private readonly Dictionary<long, long> volumes = [];
    private readonly Dictionary<Cid, (string Delegation, long Micro)> booked = [];
    private long epoch = 1;
    private long total;

    public void Hear(PoolRecord record)
    {
        foreach (var e in record.Events)
        {
            switch (e)
            {
                case JobAccepted a:
                    Assert.True(accepted.Add(a.Cid), "a job was accepted twice");
                    if (a.Delegation is { } delegation)
                    {
                        booked.Add(a.Cid, (delegation, a.Price.Micro));
                    }

                    break;
                case JobDecided d:
                    Assert.True(decided.Add(d.Cid) && ended.Add(d.Cid), "a job was decided twice, or after its end");
                    var price = state.Jobs[d.Cid].Price.Micro;
                    Assert.Equal(price, d.Parts.Sum(p => p.Price.Micro));
                    Assert.Equal(d.Parts.Count, d.Parts.Select(p => p.Miner).Distinct().Count());
                    volumes[epoch] = volumes.GetValueOrDefault(epoch) + price;
                    total += price;
                    break;
                case JobFailed f:
                    Assert.True(ended.Add(f.Cid), "a job ended twice");
                    booked.Remove(f.Cid);
                    break;
                case JobCancelled c:
                    Assert.True(ended.Add(c.Cid), "a job ended twice");
                    booked.Remove(c.Cid);
                    break;
                case JobForgotten f:
                    Assert.Contains(f.Cid, ended);
                    break;
                case EpochOpened o:
                    epoch = o.Number;
                    break;
                case EpochClosed c:
                    Assert.Equal(volumes.GetValueOrDefault(c.Number), state.Epochs.FindClosed(c.Number)!.Volume.Micro);
                    break;
            }
        }
    }

    public void Check()
    {
        var (pending, claimed, open, leases) = (0, 0, 0L, new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var job in state.Jobs.InOrder())
        {
            pending += job.Phase == JobPhase.Pending ? 1 : 0;
            claimed += job.Phase == JobPhase.Claimed ? 1 : 0;
            open += job.IsOpen ? job.Price.Micro : 0;
            Assert.Equal(!ended.Contains(job.Cid), job.IsOpen);
            Assert.True(job.Leases.Count + job.Proofs.Count <= job.Replicas || !job.IsOpen);
            Assert.Equal(job.Leases.Count, job.Leases.Select(l => l.Miner).Distinct().Count());
            Assert.True(job.IsOpen || job.Leases.Count == 0);
            foreach (var lease in job.Leases)
            {
                leases[lease.Miner.Text] = leases.GetValueOrDefault(lease.Miner.Text) + 1;
            }
        }

        Assert.Equal((pending, claimed, open), (state.Jobs.PendingCount, state.Jobs.ClaimedCount, state.Jobs.OpenVolumeMicro));
        Assert.All(state.Miners.InOrder, m => Assert.Equal(leases.GetValueOrDefault(m.Name.Text), m.LiveClaims));
        Assert.Equal(accepted.Count(c => !ended.Contains(c)), pending + claimed);
        Assert.Equal(total, state.TotalVolume.Micro);
        foreach (var delegation in state.Delegations.InOrder)
        {
            // One that expired and was revoked after that is known by its revocation alone.
            var spent = delegation.Role is null ? 0 : booked.Values.Where(b => b.Delegation == delegation.Digest).Sum(b => b.Micro);
            Assert.Equal(spent, delegation.SpentMicro);
            Assert.InRange(delegation.SpentMicro, 0, delegation.Cap?.Micro ?? 0);
        }

        Assert.Equal(volumes.GetValueOrDefault(epoch), state.Epochs.Open!.Volume.Micro);
        if (state.Due.TryPeek(out var due))
        {
            Assert.True(state.Jobs.Find(due.Job) is not null, "something forgotten is due");
        }
    }

    public void CheckPages()
    {
        Assert.Equal(state.Jobs.InOrder(), state.Jobs.PageNumbers.SelectMany(p => state.Jobs.Page(p)));
        Assert.All(state.Jobs.PageNumbers, p => Assert.All(state.Jobs.Page(p), j => Assert.Equal(p, j.Number / JobTable.PageSize)));
        Assert.Equal(state.Jobs.Count, state.Jobs.InOrder().Count());
        Assert.Superset(state.Jobs.PageNumbers.ToHashSet(), state.Jobs.ChangedPages.ToHashSet());
    }
}
