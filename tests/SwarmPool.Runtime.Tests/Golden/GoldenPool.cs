using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Golden;

/// <summary>The pool that golden journals are made of: what is said is really signed, what is settled really settled and sealed.</summary>
internal sealed class GoldenPool(PoolSettings settings)
{
    public Bench Bench { get; } = new(settings);

    /// <summary>Ends the epoch and settles it.</summary>
    public async Task EpochAsync(bool seal)
    {
        Bench.Accepted(Bench.Send(new EpochEndInput()));
        var epoch = Bench.State.Epochs.Closed[^1];
        var payee = new Payee(Bench.Settings.OperationsName, Bench.Settings.OperationsAddress);
        var ledger = await EpochRange.LedgerAsync(new ListJournal(Stored()), epoch, payee, CancellationToken.None);
        var verdict = await PolicySettlement.SettleAsync(
            new HalfPolicy(), ledger, Bench.State.Epochs.PolicyState, TimeSpan.FromMinutes(1), TimeProvider.System, TaskScheduler.Default, CancellationToken.None);
        var outcome = verdict.Outcome!;
        Bench.Accepted(Bench.Send(new SettledInput(epoch.Number), new PoolFacts
        {
            Settlement = new SettlementFact(
                new PolicyIdentity("half", "1.0.0", new string('a', 64)), Replaced: false, payee, outcome.Settlement.Operations,
                [.. outcome.Settlement.Miners.Select(p => EpochItems.PayoutItem(p.To, p.Amount))], outcome.PolicyState),
        }));
        if (seal)
        {
            var cid = await GoldenWriter.SealedAsAsync(new ListJournal(Stored()), Bench.State);
            Bench.Accepted(Bench.Send(new SealedInput(epoch.Number, cid)));
        }
    }

    /// <summary>Sends what its name signs.</summary>
    public async Task<SignedSnapshot> SendAsync(Snapshot body, bool needReplica = false)
    {
        var signed = await TestNetwork.SignAsync(body);
        Bench.Accepted(Bench.Send(signed, needReplica));
        return signed;
    }

    /// <summary>The records as a journal stores them.</summary>
    public List<JournalRecord> Stored()
    {
        var records = new List<JournalRecord>();
        foreach (var record in Bench.Records)
        {
            records.Add(RecordCodec.Encode(record, records.Count == 0 ? JournalHead.Empty.Hash : records[^1].Hash));
        }

        return records;
    }
}
