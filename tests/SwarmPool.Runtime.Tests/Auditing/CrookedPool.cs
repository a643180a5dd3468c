using System.Security.Cryptography;
using System.Text;
using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing;

/// <summary>
/// A pool whose operator writes its journal himself: by the rules, since anybody can run those, but with facts, times, settings and
/// settlements of his choice. Whatever he publishes agrees with itself. It is the world too: who has which account, and is a contract.
/// </summary>
internal sealed class CrookedPool(PoolSettings? settings = null) : IIdentityProvider
{
    private readonly MemoryNet net = new();

    public Bench Bench { get; } = new(settings ?? Bench.DefaultSettings with { Verifier = VerdictFact.BuiltIn }) { Secret = CheckBench.Secret };

    public ISettlementPolicy Policy { get; init; } = new HalfPolicy();

    /// <summary>Accounts that are contracts, and take every signature.</summary>
    public HashSet<EthAddress> Contracts { get; } = [];

    /// <summary>Whose verdicts they are; null: the first settings' verifier's.</summary>
    public string? Verifier { get; set; }

    /// <summary>What the next verdicts say, if the rules let them.</summary>
    public bool NeedReplica { get; set; }

    public Func<EnsName, IdentityAnswer>? Resolve { get; set; }

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public string Network => "local";

    /// <summary>Everybody's account is his test key's.</summary>
    public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken) =>
        new(Resolve?.Invoke(name) ?? new IdentityAnswer(IdentityStatus.Known, [TestKeys.Of(name).Address], null, 0, TimeSpan.FromMinutes(1)));

    public ValueTask<ContractCheckResult> AskContractAsync(
        EthAddress account, ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken) =>
        new(new ContractCheckResult(Contracts.Contains(account) ? ContractStatus.Accepted : ContractStatus.NoContract, 0, ""));

    /// <summary>A message and the facts that it is recorded with.</summary>
    public async Task<SignedSnapshot> SendAsync(Snapshot body, Func<NameFact, NameFact>? fact = null, EnsName? signer = null)
    {
        var signed = await TestNetwork.SignAsync(body, signer);
        Send(signed, fact);
        return signed;
    }

    public void Send(SignedSnapshot signed, Func<NameFact, NameFact>? fact = null)
    {
        var own = TestKeys.Of(signed.Body.Signer).Address;
        var truth = new NameFact(own, own, 0, null);
        Bench.Accepted(Bench.Send(new MessageInput(signed), new PoolFacts
        {
            Signer = fact?.Invoke(truth) ?? truth,
            Verdict = signed.Body is ProofSnapshot ? new VerdictFact(Verifier ?? Bench.Settings.Verifier ?? VerdictFact.BuiltIn, NeedReplica) : null,
        }));
    }

    /// <summary>Writes a record that the rules do not give.</summary>
    public void Write(SignedSnapshot signed, VerdictFact verdict, params IReadOnlyList<PoolEvent> events)
    {
        var own = TestKeys.Of(signed.Body.Signer).Address;
        var next = Bench.State.Sequence + 1;
        Bench.Records.Add(new PoolRecord(next, Bench.At, next, new MessageInput(signed), new PoolFacts { Signer = new NameFact(own, own, 0, null), Verdict = verdict }, events));
        Bench.State.Apply(next, Bench.At, events);
    }

    /// <summary>A miner registers.</summary>
    public async Task<EnsName> JoinAsync(int number = 1)
    {
        await SendAsync(Bench.Messages.Registration(Messages.Miner(number)));
        return Messages.Miner(number);
    }

    /// <summary>A miner does a job that was accepted.</summary>
    public async Task DoAsync(Cid job, EnsName miner, Func<NameFact, NameFact>? fact = null)
    {
        await SendAsync(Bench.Messages.Claim(job, miner));
        await SendAsync(Bench.Messages.Proof(job, miner, Bench.State.Fence, Messages.AnyCid("an output"), model: Bench.State.Jobs[job].Model), fact);
    }

    public async Task DoAsync(string amount, EnsName miner) => await DoAsync((await SendAsync(Bench.Messages.Job(amount))).Cid, miner);

    public void Close()
    {
        Bench.At += 1000;
        Bench.Accepted(Bench.Send(new EpochEndInput()));
    }

    /// <summary>Settles the next epoch that is closed, as the policy does or as the operator likes.</summary>
    public void Settle(Func<SettlementFact, SettlementFact>? change = null, string? from = null)
    {
        var epoch = Bench.State.Epochs.Closed.First(closed => closed.SettledSequence == 0);
        var operations = new Payee(Bench.State.Settings!.OperationsName, Bench.State.Settings.OperationsAddress);
        var ledger = EpochRange.LedgerAsync(new ListJournal(Stored()), epoch, operations, CancellationToken.None).AsTask().GetAwaiter().GetResult() with { Declared = Bench.State.Settings.Payees ?? [] };
        var outcome = Policy.Settle(ledger, from ?? Bench.State.Epochs.PolicyState);
        var fact = EpochSettlement.FactOf(ledger, outcome, new PolicyIdentity("half", "1.0.0", new string('a', 64)));
        Bench.Accepted(Bench.Send(new SettledInput(epoch.Number), new PoolFacts { Settlement = change?.Invoke(fact) ?? fact }));
    }

    /// <summary>Publishes the next epoch that is settled, as it is or as the operator likes.</summary>
    public async Task<Cid> SealAsync(Func<EpochSnapshot, EpochSnapshot>? change = null)
    {
        var epoch = Bench.State.Epochs.Closed[0];
        var signed = await WriteAsync();
        var cid = change is null ? signed.Cid : await PublishAsync(change((EpochSnapshot)signed.Body));
        Bench.Accepted(Bench.Send(new SealedInput(epoch.Number, cid)));
        return cid;
    }

    /// <summary>Writes the snapshot of the next epoch that is settled.</summary>
    public async Task<SignedSnapshot> WriteAsync()
    {
        var journal = new ListJournal(Stored());
        var writer = new EpochWriter(journal, net.Join(), new PartyIdentity(Messages.Pool, Messages.Pool, Network, TestKeys.Of(Messages.Pool)));
        return (await writer.WriteAsync(Bench.State.Epochs.Closed[0].Copy(), Bench.State.Epochs.LastSealed, await journal.HeadAsync(default), CancellationToken.None)).Snapshot;
    }

    public async Task<Cid> EndEpochAsync(Func<SettlementFact, SettlementFact>? settled = null, Func<EpochSnapshot, EpochSnapshot>? published = null)
    {
        Close();
        Settle(settled);
        return await SealAsync(published);
    }

    public async Task<Cid> PublishAsync(EpochSnapshot epoch) => await PutAsync((await TestNetwork.SignAsync(epoch)).Bytes);

    public Task<Cid> PutAsync(ReadOnlyMemory<byte> bytes) => Task.FromResult(net.Put(bytes));

    public Cid Put(ReadOnlyMemory<byte> bytes) => net.Put(bytes);

    /// <summary>All that was published so far.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Published => [.. net.Content.Values];

    public ReadOnlyMemory<byte> Get(Cid cid) => net.Content[cid];

    /// <summary>What it has published, as a stranger fetches it.</summary>
    public IContentStore Content => net.Join();

    /// <summary>Nobody has it any longer.</summary>
    public void Lose(Cid cid) => Assert.True(net.Content.Remove(cid, out _));

    /// <summary>Its journal.</summary>
    public ListJournal Journal => new(Stored());

    /// <summary>An epoch with its records' text changed and their hashes made anew.</summary>
    public async Task<Cid> RetellAsync(Cid cid, Func<string, string> change)
    {
        var epoch = await FetchAsync(cid);
        var previous = epoch.PreviousEpoch is { } before ? (await FetchAsync(before)).JournalRoot : new string('0', 64);
        var told = new StringBuilder();
        foreach (var line in Encoding.UTF8.GetString(Get(epoch.Journal[0]).Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = line.IndexOf("\"previous\":\"", StringComparison.Ordinal) + "\"previous\":\"".Length;
            var body = change(string.Concat(line.AsSpan(0, at), previous, line.AsSpan(at + previous.Length)));
            previous = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
            told.Append(body).Append('\n');
        }

        return await PublishAsync(epoch with { Journal = [await PutAsync(Encoding.UTF8.GetBytes(told.ToString()))], JournalRoot = previous });
    }

    public async Task<EpochSnapshot> FetchAsync(Cid epoch) => (EpochSnapshot)(await Stranger().FetchAsync(epoch)).Body;

    public PoolAuditor Stranger(bool keepCheckpoint = false) => new(net.Join(), this, Time) { Policy = Policy, KeepCheckpoint = keepCheckpoint };

    public async Task<EpochAuditReport> AuditAsync(Cid epoch, AuditCheckpoint? from = null, bool keepCheckpoint = false)
    {
        var stranger = Stranger(keepCheckpoint);
        return await stranger.AuditHistoryAsync(await stranger.FetchAsync(epoch), from);
    }

    public async Task<EpochAuditReport> AuditAloneAsync(Cid epoch) => await Stranger().AuditEpochAsync(await Stranger().FetchAsync(epoch));

    private List<JournalRecord> Stored()
    {
        var records = new List<JournalRecord>();
        foreach (var record in Bench.Records)
        {
            records.Add(RecordCodec.Encode(record, records.Count == 0 ? JournalHead.Empty.Hash : records[^1].Hash));
        }

        return records;
    }
}
