using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>Fills every slot, and whatever it is asked it does one thing: throw, or never answer.</summary>
internal sealed class FaultySlots(Func<Task> fault) : ITransport, IContentStore, IPubSub, IIdentityProvider, IPoolJournal, ISettlementPolicy, IInferenceBackend, IProofVerifier
{
    public IContentStore Content => this;

    public IPubSub PubSub => this;

    public int MaxContentBytes => 1;

    public int MaxMessageBytes => 1;

    public string Network => "local";

    public string Location => "nowhere";

    public string Name => "faulty";

    public string Version => "1.0.0";

    public ValueTask StartAsync(CancellationToken cancellationToken) => new(fault());

    public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Fault<Cid>();

    public ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken) => Fault<ReadOnlyMemory<byte>>();

    public ValueTask PinAsync(Cid cid, CancellationToken cancellationToken) => new(fault());

    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => new(fault());

    public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken) => new(fault());

    public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) => Fault<Cid?>();

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) => new(fault());

    public ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken) => Fault<ISubscription>();

    public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken) => Fault<IdentityAnswer>();

    public ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken) => Fault<JournalLease>();

    public ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken) => new(fault());

    public ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken) => new(fault());

    public ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken) => new(fault());

    public ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) => Fault<JournalHead>();

    public async IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await fault();
        yield break;
    }

    public ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken) => new(fault());

    public ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) => Fault<StateSnapshot?>();

    public ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken) => new(fault());

    public ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken) => Fault<long>();

    public ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken) => Fault<JournalMembers>();

    public ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken) => new(fault());

    public SettlementOutcome Settle(EpochLedger ledger, string policyState) => Fault<SettlementOutcome>().AsTask().GetAwaiter().GetResult();

    public ValueTask<ITokenModel?> OpenTokensAsync(string model, CancellationToken cancellationToken) => new(new FaultyTokens(fault));

    public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) => Fault<BackendDescription>();

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken) => new(fault());

    public ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken) => Fault<InferenceResult>();

    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => Fault<ProofJudgement>();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<T> Fault<T>()
    {
        await fault();
        return default!;
    }
}

/// <summary>A token model that can be opened, begins sequences, and fails at all else.</summary>
internal sealed class FaultyTokens(Func<Task> fault) : ITokenModel, ITokenSequence
{
    public TokenModelDescription Description { get; } = new(new(new string('b', 64), "test/1", "cpu", "fp32"), 4, 4, [], TakesMessages: false);

    public int Length => 0;

    public async ValueTask<ReadOnlyMemory<int>> EncodeAsync(TokenPrompt prompt, CancellationToken cancellationToken)
    {
        await fault();
        return default;
    }

    public ReadOnlyMemory<byte> BytesOf(int token)
    {
        fault().GetAwaiter().GetResult();
        return default;
    }

    public ValueTask<ITokenSequence> BeginAsync(CancellationToken cancellationToken) => new(this);

    public async ValueTask<ReadOnlyMemory<float>> AppendAsync(ReadOnlyMemory<int> tokens, CancellationToken cancellationToken)
    {
        await fault();
        return default;
    }

    public async IAsyncEnumerable<ReadOnlyMemory<float>> ScoreAsync(
        ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> given, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await fault();
        yield break;
    }

    public ValueTask DisposeAsync() => default;
}
