using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Simulation.Parties;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Bugs;

/// <summary>Names whose every account is everybody's.</summary>
internal sealed class OpenNames : IIdentityProvider
{
    private readonly SimNames right = new();

    public string Network => right.Network;

    public async ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken)
    {
        var answer = await right.ResolveAsync(name, cancellationToken);
        return answer.Status == IdentityStatus.Known
            ? answer with { Accounts = [.. answer.Accounts, Cast.Stranger.Address, Cast.KeyOf(Cast.Mallory).Address] }
            : answer;
    }
}

/// <summary>A policy that keeps a micro-unit from its first payee.</summary>
internal sealed class LosingPolicy(ISettlementPolicy right) : ISettlementPolicy
{
    public string Name => right.Name;

    public string Version => right.Version;

    public SettlementOutcome Settle(EpochLedger ledger, string policyState)
    {
        var outcome = right.Settle(ledger, policyState);
        var miners = outcome.Settlement.Miners;
        return miners.Count == 0 || miners[0].Amount == Usdc.Zero
            ? outcome
            : outcome with
            {
                Settlement = outcome.Settlement with { Miners = [miners[0] with { Amount = miners[0].Amount - Usdc.FromMicro(1) }, .. miners.Skip(1)] },
            };
    }
}

/// <summary>Hands out no message while a fetch is under way, as a loop does that awaits its fetches; or fails each fifth pin, so that sealing fails after its upload.</summary>
internal sealed class WrongTransport(ITransport inner, Bug bug) : ITransport, IPubSub, IContentStore
{
    private Task turn = Task.CompletedTask;
    private int pins;

    public IContentStore Content => this;

    public IPubSub PubSub => this;

    public int MaxMessageBytes => inner.PubSub.MaxMessageBytes;

    public int MaxContentBytes => inner.Content.MaxContentBytes;

    public ValueTask StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) => inner.PubSub.PublishAsync(topic, payload, cancellationToken);

    public async ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken) =>
        new Waiting(await inner.PubSub.SubscribeAsync(topic, cancellationToken), this);

    public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.Content.PutAsync(content, cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        if (bug != Bug.P19_LoopAwaitsFetches)
        {
            return await inner.Content.GetAsync(cid, maxBytes, cancellationToken);
        }

        var before = turn;
        var mine = new TaskCompletionSource();
        turn = mine.Task;
        try
        {
            await before.WaitAsync(cancellationToken);
            return await inner.Content.GetAsync(cid, maxBytes, cancellationToken);
        }
        finally
        {
            mine.SetResult();
        }
    }

    public ValueTask PinAsync(Cid cid, CancellationToken cancellationToken) => bug == Bug.P16_SealingAgainSignsAnother && ++pins % 5 == 0
        ? throw new TransportException(TransportFault.Unavailable, "the content store does not answer now")
        : inner.Content.PinAsync(cid, cancellationToken);

    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => inner.Content.UnpinAsync(cid, cancellationToken);

    public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken) => inner.Content.PointAsync(pointer, cid, cancellationToken);

    public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) => inner.Content.ResolveAsync(pointer, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Waiting(ISubscription inner, WrongTransport loop) : ISubscription
    {
        public string Topic => inner.Topic;

        public long Dropped => inner.Dropped;

        public async IAsyncEnumerable<PubSubMessage> ReadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var message in inner.ReadAllAsync(cancellationToken))
            {
                await loop.turn.WaitAsync(cancellationToken);
                yield return message;
            }
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
