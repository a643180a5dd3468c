using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Pool.Records;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.Runtime.Tests.Pool;
using SwarmPool.Runtime.Tests.Settlement;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Golden;

/// <summary>
/// Three hours of a small pool in which everything happens that can: what a golden journal of the present rules is made of.
/// Really signed, really settled and sealed.
/// </summary>
internal sealed class GoldenStory
{
    private readonly Bench bench = new(Bench.DefaultSettings with { MaxAttempts = 2 });

    /// <summary>Lives through it and gives its records as a journal stores them.</summary>
    public static async Task<IReadOnlyList<JournalRecord>> TellAsync()
    {
        var story = new GoldenStory();
        await story.RunAsync();
        return story.Stored();
    }

    private async Task RunAsync()
    {
        await SendAsync(bench.Messages.Registration(Messages.Miner(1), MiningMode.PPS));
        await SendAsync(bench.Messages.Registration(Messages.Miner(2), MiningMode.SOLO));
        await SendAsync(bench.Messages.Registration(Messages.Miner(3), MiningMode.PPS));
        await DoneAsync(1, "1", renew: true);
        await ReplicatedAsync();
        await DoubtedAsync();
        await DisagreedAsync();
        await TakenBackAsync();
        await RanOutAsync();
        await BlamedAsync();
        await HeldUpAsync();
        await ExpiredAsync();
        await DelegatedAsync();
        await EpochAsync(seal: true);

        Bench.Accepted(bench.Send(new StartedInput(2, bench.Settings with { MaxAttempts = 3, ClaimTimeoutMs = 90_000 })));
        for (var i = 0; i < 12; i++)
        {
            await DoneAsync(1 + (i % 3), $"0.{i + 1:000000}", renew: false);
        }

        bench.Pass(3 * 3_600_000); // What is long over is forgotten.
        await EpochAsync(seal: true);
        await DoneAsync(2, "12.5", renew: false);
        await EpochAsync(seal: false);

        // And it ends in the middle of things.
        await SendAsync(bench.Messages.Job("3"));
        await ClaimAsync(await JobAsync("4", replicas: 2), 3);
    }

    private async Task DoneAsync(int miner, string amount, bool renew)
    {
        var job = await JobAsync(amount);
        var fence = await ClaimAsync(job, miner);
        if (renew)
        {
            bench.At += 40_000;
            await SendAsync(bench.Messages.Heartbeat(Messages.Miner(miner), job, fence));
        }

        bench.At += 1_234;
        await ProveAsync(job, miner, fence);
    }

    private async Task ReplicatedAsync()
    {
        var job = await JobAsync("0.000003", replicas: 2);
        await ProveAsync(job, 1, await ClaimAsync(job, 1));
        await ProveAsync(job, 2, await ClaimAsync(job, 2));
    }

    private async Task DoubtedAsync()
    {
        var job = await JobAsync("2");
        await ProveAsync(job, 3, await ClaimAsync(job, 3), needReplica: true);
        await ProveAsync(job, 1, await ClaimAsync(job, 1));
    }

    private async Task DisagreedAsync()
    {
        var job = await JobAsync("2", replicas: 2);
        await ProveAsync(job, 1, await ClaimAsync(job, 1), "this");
        await ProveAsync(job, 2, await ClaimAsync(job, 2), "that");
        await ProveAsync(job, 1, await ClaimAsync(job, 1, 2), "this", attempt: 2);
        await ProveAsync(job, 3, await ClaimAsync(job, 3, 2), "this", attempt: 2);
    }

    private async Task TakenBackAsync() => await SendAsync(bench.Messages.Cancel(await JobAsync("1")));

    private async Task RanOutAsync()
    {
        var job = await JobAsync("1");
        await ClaimAsync(job, 3);
        bench.Pass(60_000);
        await ProveAsync(job, 1, await ClaimAsync(job, 1, 2), attempt: 2);
    }

    private async Task BlamedAsync()
    {
        var job = await JobAsync("1");
        await SendAsync(bench.Messages.Release(job, Messages.Miner(1), await ClaimAsync(job, 1), 1, "failed"));
        await SendAsync(bench.Messages.Release(job, Messages.Miner(2), await ClaimAsync(job, 2, 2), 2, "failed"));
    }

    private async Task HeldUpAsync()
    {
        var job = await JobAsync("1");
        var fence = await ClaimAsync(job, 2);
        bench.At += 200_000;
        Bench.Accepted(bench.Send(new ResumedInput()));
        await ProveAsync(job, 2, fence);
    }

    private async Task ExpiredAsync()
    {
        await SendAsync(bench.Messages.Job("1", deadline: (bench.At / 1000) + 100));
        bench.Pass(200_000);
    }

    private async Task DelegatedAsync()
    {
        var session = await Session.OpenAsync(Messages.Client, DelegationRoles.Client, bench.At / 1000, "5", change: d => d with { Nonce = new string('d', 32) });
        Bench.Accepted(bench.Send(session.Delegation));
        var job = await session.SignAsync(bench.Messages.Job("2"));
        Bench.Accepted(bench.Send(new MessageInput(job), new PoolFacts { Signer = session.Fact }));
        await ProveAsync(job.Cid, 1, await ClaimAsync(job.Cid, 1));
        await SendAsync(session.Revocation(bench.At / 1000) with { Nonce = new string('e', 32) });
    }

    private async Task EpochAsync(bool seal)
    {
        Bench.Accepted(bench.Send(new EpochEndInput()));
        var epoch = bench.State.Epochs.Closed[^1];
        var payee = new Payee(bench.Settings.OperationsName, bench.Settings.OperationsAddress);
        var ledger = await EpochRange.LedgerAsync(new ListJournal(Stored()), epoch, payee, CancellationToken.None);
        var verdict = await SettlementCheck.SettleAsync(
            new HalfPolicy(), ledger, bench.State.Epochs.PolicyState, TimeSpan.FromMinutes(1), TimeProvider.System, TaskScheduler.Default, CancellationToken.None);
        var outcome = verdict.Outcome!;
        Bench.Accepted(bench.Send(new SettledInput(epoch.Number), new PoolFacts
        {
            Settlement = new SettlementFact(
                new PolicyIdentity("half", "1.0.0", new string('a', 64)), Replaced: false, payee, outcome.Settlement.Operations,
                [.. outcome.Settlement.Miners.Select(p => EpochItems.PayoutItem(p.To, p.Amount))], outcome.PolicyState),
        }));
        if (seal)
        {
            var cid = await GoldenJournal.SealedAsAsync(new ListJournal(Stored()), bench.State);
            Bench.Accepted(bench.Send(new SealedInput(epoch.Number, cid)));
        }
    }

    private async Task<Cid> JobAsync(string amount, int? replicas = null) => (await SendAsync(bench.Messages.Job(amount, replicas: replicas))).Cid;

    private async Task<long> ClaimAsync(Cid job, int miner, int attempt = 1)
    {
        bench.At = Math.Max(bench.At, bench.State.Miners[Messages.Miner(miner)].CoolDownUntil);
        await SendAsync(bench.Messages.Claim(job, Messages.Miner(miner), attempt));
        return bench.State.Fence;
    }

    private async Task ProveAsync(Cid job, int miner, long fence, string output = "an output", int attempt = 1, bool needReplica = false) =>
        await SendAsync(bench.Messages.Proof(job, Messages.Miner(miner), fence, Messages.AnyCid(output), attempt), needReplica);

    private async Task<SignedSnapshot> SendAsync(Snapshot body, bool needReplica = false)
    {
        var signed = await PoolTown.SignAsync(body);
        Bench.Accepted(bench.Send(signed, needReplica));
        return signed;
    }

    private List<JournalRecord> Stored()
    {
        var records = new List<JournalRecord>();
        foreach (var record in bench.Records)
        {
            records.Add(RecordCodec.Encode(record, records.Count == 0 ? JournalHead.Empty.Hash : records[^1].Hash));
        }

        return records;
    }
}
