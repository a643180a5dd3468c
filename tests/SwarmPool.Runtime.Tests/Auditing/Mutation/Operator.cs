using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing.Mutation;

/// <summary>
/// Whoever holds the pool's key and writes its journal: what is told is decided by the rules, hashed, settled by the policy, sealed and
/// signed, so that it all agrees with itself, but for the one thing that he changes.
/// </summary>
internal sealed class Operator
{
    private readonly List<JournalRecord> stored = [];
    private readonly HalfPolicy policy = new();

    public MemoryNet Net { get; private init; } = new();

    public PoolState State { get; } = new();

    public List<PoolRecord> Records { get; } = [];

    /// <summary>The sealed epochs, by the CIDs that he published them under.</summary>
    public List<Cid> Epochs { get; } = [];

    /// <summary>Who was paid what, in micro-USDC, operations among them.</summary>
    public Dictionary<Payee, Int128> Paid { get; } = [];

    /// <summary>Whether something of his lie has no written form, so that he can't publish it.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>The last record that an epoch covers.</summary>
    public long Covered { get; private set; }

    /// <summary>The last that the epoch before it covers.</summary>
    public long CoveredBefore { get; private set; }

    /// <summary>Tells a step: what it is and by which facts it is judged; a settlement and a seal are made anew, as the story goes by now.</summary>
    /// <param name="step">The step; its place in the journal is given to it here.</param>
    /// <param name="change">What he changes of it; null: nothing.</param>
    /// <returns>False when the rules do not take it: then he leaves it out, unless it is what he changed.</returns>
    public async Task<bool> TellAsync(PoolRecord step, IRecordChange? change = null)
    {
        if (step.Input is not (TimeInput or StartedInput))
        {
            while (State.Settings is not null && Append(new PoolRecord(0, Math.Max(State.At, step.At), 0, new TimeInput(), PoolFacts.None, []), null))
            {
            }
        }

        try
        {
            return !IsStuck && await FillAsync(step, change) is { } draft && Append(draft, change);
        }
        catch (Exception e) when (e is NullReferenceException or InvalidOperationException or OverflowException or SwarmPoolException)
        {
            IsStuck = true; // A part is missing that it can't be written without, or nobody who reads it takes it for an epoch.
            return false;
        }
    }

    /// <summary>The same, with a record of the last epoch written otherwise, and those after it chained to that one.</summary>
    public async Task<Operator> RewriteAsync(long sequence, Func<PoolRecord, PoolRecord> change)
    {
        Assert.True(SnapshotCodec.TryDecode(Net.Content[Epochs[^1]], out var signed, out _));
        var epoch = (EpochSnapshot)signed.Body;
        var head = epoch.FromSequence == 1 ? JournalHead.Empty.Hash : stored[(int)epoch.FromSequence - 2].Hash;
        using var page = new MemoryStream();
        for (var i = epoch.FromSequence; i <= epoch.ToSequence; i++)
        {
            var record = Records[(int)i - 1];
            var body = RecordCodec.Encode(i == sequence ? change(record) : record, head);
            page.Write(body.Body.Span);
            page.WriteByte((byte)'\n');
            head = body.Hash;
        }

        var retold = new Operator { Net = Net };
        var changed = epoch with { Journal = [Net.Put(page.ToArray())], JournalRoot = Convert.ToHexStringLower(head.Span) };
        retold.Epochs.AddRange([.. Epochs.SkipLast(1), Net.Put((await TestNetwork.SignAsync(changed, Messages.Pool)).Bytes)]);
        foreach (var (to, amount) in Paid)
        {
            retold.Paid.Add(to, amount);
        }

        return retold;
    }

    /// <summary>Settles and seals whatever is closed.</summary>
    public async Task FinishAsync()
    {
        for (var left = 2 * State.Epochs.Closed.Count; left > 0 && !IsStuck && State.Epochs.Closed.Count > 0; left--)
        {
            await TellAsync(new PoolRecord(0, State.At, 0, State.Epochs.Closed[0].SettledSequence == 0 ? new SettledInput(0) : new SealedInput(0, default), PoolFacts.None, []));
        }
    }

    private async Task<PoolRecord?> FillAsync(PoolRecord step, IRecordChange? change)
    {
        var draft = step with { At = Math.Max(State.At, step.At) };
        switch (step.Input)
        {
            case SettledInput:
                return State.Epochs.Closed.Find(closed => closed.SettledSequence == 0) is { } open
                    ? draft with { Input = new SettledInput(open.Number), Facts = new PoolFacts { Settlement = await SettleAsync(open) } }
                    : null;
            case SealedInput:
                if (State.Epochs.Closed is not [{ SettledSequence: > 0 } next, ..])
                {
                    return null;
                }

                var cid = await SealAsync(next.Copy(), (change as IEpochChange)?.Of(next.Number));
                return draft with { Input = new SealedInput(next.Number, cid) };
            default:
                return draft;
        }
    }

    private bool Append(PoolRecord draft, IRecordChange? change)
    {
        var next = State.Sequence + 1;
        draft = WithDraw(draft with { Sequence = next, Commit = next });
        draft = change?.Before(draft) ?? draft;
        var events = Decided(draft);
        if (events is null)
        {
            if (change is null or IEpochChange)
            {
                return false;
            }

            events = draft.Events; // What the rules don't give he writes himself: what came of it before.
        }

        draft = draft with { Events = events };
        draft = change?.After(draft) ?? draft;
        var body = RecordCodec.Encode(draft, stored.Count == 0 ? JournalHead.Empty.Hash : stored[^1].Hash);
        stored.Add(new JournalRecord(next, body.Previous, body.Hash, body.Body));
        Records.Add(draft);
        Apply(next, draft);
        return true;
    }

    // The epoch's secret is in the records that are decided by it, and in no other; which those are depends on how the story goes.
    private PoolRecord WithDraw(PoolRecord draft)
    {
        if (draft.Input is DrawInput)
        {
            return draft;
        }

        draft = draft with { Facts = draft.Facts with { Draw = null } };
        return State.Checks is not null && Kind(draft) == DecisionKind.NeedsDraw && Records.FindLast(static record => record.Input is DrawInput)?.Facts.Draw is { } draw
            ? draft with { Facts = draft.Facts with { Draw = draw } }
            : draft;
    }

    private DecisionKind Kind(PoolRecord draft)
    {
        try
        {
            return PoolMachine.Decide(State, draft.Input!, draft.Facts, draft.At).Kind;
        }
        catch (Exception e) when (e is NullReferenceException or InvalidOperationException or KeyNotFoundException or OverflowException or ArgumentException or FormatException)
        {
            return DecisionKind.Refused; // As below.
        }
    }

    private IReadOnlyList<PoolEvent>? Decided(PoolRecord draft)
    {
        try
        {
            return PoolMachine.Decide(State, draft.Input!, draft.Facts, draft.At) is { Kind: DecisionKind.Accepted } decision ? decision.Events : null;
        }
        catch (Exception e) when (e is NullReferenceException or InvalidOperationException or KeyNotFoundException or OverflowException or ArgumentException or FormatException)
        {
            return null; // The rules never get there with what a daemon lets in.
        }
    }

    // Events that mean nothing to the state are written all the same; the story goes on without them.
    private void Apply(long sequence, PoolRecord record)
    {
        State.Apply(sequence, record.At, []);
        foreach (var happened in record.Events)
        {
            try
            {
                State.Apply(sequence, record.At, [happened]);
            }
            catch (Exception e) when (e is NullReferenceException or InvalidOperationException or KeyNotFoundException or ArgumentException or OverflowException)
            {
                // An audit ends here.
            }
        }
    }

    private async Task<SettlementFact> SettleAsync(EpochAccount epoch)
    {
        var operations = new Payee(State.Settings!.OperationsName, State.Settings.OperationsAddress);
        var ledger = await EpochRange.LedgerAsync(new ListJournal(stored), epoch, operations, CancellationToken.None) with { Declared = State.Settings.Payees ?? [] };
        var outcome = policy.Settle(ledger, State.Epochs.PolicyState);
        return EpochSettlement.FactOf(ledger, outcome, new PolicyIdentity(policy.Name, policy.Version, new string('a', 64)));
    }

    private async Task<Cid> SealAsync(EpochAccount epoch, Func<EpochSnapshot, MemoryNet, EpochSnapshot>? change)
    {
        await CountAsync(epoch);
        var journal = new ListJournal(stored);
        var writer = new EpochWriter(journal, Net.Join(), new PartyIdentity(Messages.Pool, Messages.Pool, "local", TestKeys.Of(Messages.Pool)));
        var (signed, _) = await writer.WriteAsync(epoch, State.Epochs.LastSealed, await journal.HeadAsync(default), CancellationToken.None);
        var cid = signed.Cid;
        if (change?.Invoke((EpochSnapshot)signed.Body, Net) is { } changed)
        {
            cid = Net.Put(changed.Sig == signed.Body.Sig ? (await TestNetwork.SignAsync(changed, Messages.Pool)).Bytes : SnapshotCodec.Canonical(changed));
        }

        var settlement = Records[(int)epoch.SettledSequence - 1].Facts.Settlement!;
        Pay(settlement.OperationsPayee, settlement.Operations);
        foreach (var item in settlement.Miners.Concat(settlement.Declared ?? []).Concat(settlement.Checkers ?? []))
        {
            Pay(new Payee(item.Miner, item.Address), item.Amount);
        }

        (CoveredBefore, Covered) = (Covered, epoch.ToSequence);
        Epochs.Add(cid);
        return cid;
    }

    // What is decided in it is what its records say, whatever the state made of them.
    private async Task CountAsync(EpochAccount epoch)
    {
        var ledger = await EpochRange.LedgerAsync(new ListJournal(stored), epoch, default, CancellationToken.None);
        epoch.Proofs = ledger.Entries.Count;
        epoch.Jobs = ledger.Entries.Select(entry => entry.Job).Distinct().Count();
        epoch.Volume = Usdc.FromMicro(ledger.Entries.Sum(entry => entry.Price.Micro));
    }

    private void Pay(Payee to, Usdc amount) => Paid[to] = Paid.GetValueOrDefault(to) + amount.Micro;
}

/// <summary>What is changed of one step.</summary>
internal interface IRecordChange
{
    /// <summary>Its input, facts and time, before it is decided.</summary>
    PoolRecord Before(PoolRecord record);

    /// <summary>What was decided of it.</summary>
    PoolRecord After(PoolRecord record);
}

/// <summary>What is changed of an epoch as it is published.</summary>
internal interface IEpochChange : IRecordChange
{
    /// <summary>The change of an epoch; null: it stays as it is.</summary>
    Func<EpochSnapshot, MemoryNet, EpochSnapshot>? Of(long number);
}
