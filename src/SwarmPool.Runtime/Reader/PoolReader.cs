using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Discovery;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Reader;

/// <summary>Reads what a pool publishes of its state, for screens and tools. It needs no key and says nothing.</summary>
/// <remarks>Thread-safe. Everything that it returns is signed by the pool, or named by CID in what is.</remarks>
public sealed class PoolReader
{
    private readonly ITransport transport;
    private readonly StateSource source;
    private readonly PoolListener listener;
    private readonly NewestState book = new();
    private readonly NameCache names;
    private readonly EnsName pool;
    private readonly TimeProvider time;

    internal PoolReader(
        ITransport transport, IIdentityProvider names, ISignatureEngine engine, EnsName pool, TimeProvider time, ILoggerFactory loggers)
    {
        this.transport = transport;
        this.pool = pool;
        this.time = time;
        this.names = new NameCache(names, time);
        var content = new ContentReader(transport.Content, time);
        listener = new PoolListener(
            transport, content, new SignerCheck(this.names, engine, time, new DelegationCache(content, time)), pool, time, loggers.CreateLogger<PoolListener>());
        var finder = new PoolFinder(transport, names, pool, time, loggers.CreateLogger<PoolFinder>());
        source = new StateSource(transport, content, listener, finder, pool, time);
    }

    /// <summary>What the pool's name says of where the pool is and can't be used, so far. Hints: the pool may be found without.</summary>
    public IReadOnlyList<Refusal> NameProblems => source.Finder.Problems;

    /// <summary>
    /// The newest state: what the pool's pointer leads to, else its name, or when there is neither, the next state that the pool announces.
    /// A state older than one that this reader has seen is not returned.
    /// </summary>
    /// <param name="patience">How long to wait for an announcement.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">SP5002: No signed message of the pool was received.</exception>
    public async Task<PoolView> ReadAsync(TimeSpan patience, CancellationToken cancellationToken = default)
    {
        if (await source.ReadPointerAsync(cancellationToken) is { } pointed)
        {
            book.Offer(pointed);
        }

        if (book.Newest is null)
        {
            await ListenAsync(patience, cancellationToken);
        }

        return book.Newest is { } newest
            ? new PoolView((PoolStateSnapshot)newest.Body, newest.Cid, book.Conflict)
            : throw new SwarmPoolException(
                ErrorCodes.PoolNotHeard,
                $"No signed message of {pool} was received within {patience.TotalSeconds:0} s ({listener.Dropped} messages were not the pool's). Check the pool's name, the transport, and that its daemon runs.{string.Concat(NameProblems.Select(static problem => $" {problem}"))}");
    }

    /// <summary>The registered miners, page by page as they are read.</summary>
    /// <exception cref="SwarmPoolException">A page is unavailable now; the code says why.</exception>
    public IAsyncEnumerable<MinerStateItem> ReadMinersAsync(PoolView view, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(view);
        return source.Pages.ItemsAsync<MinerStateItem>(view.State.ActiveMiners, PageReader.MostItems, cancellationToken);
    }

    /// <summary>The jobs that wait, page by page as they are read.</summary>
    /// <exception cref="SwarmPoolException">A page is unavailable now; the code says why.</exception>
    public IAsyncEnumerable<JobNewItem> ReadPendingAsync(PoolView view, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(view);
        return source.Pages.ItemsAsync<JobNewItem>(view.State.PendingJobs, PageReader.MostItems, cancellationToken);
    }

    /// <summary>The jobs at work, page by page as they are read.</summary>
    /// <exception cref="SwarmPoolException">A page is unavailable now; the code says why.</exception>
    public IAsyncEnumerable<ClaimAcceptedItem> ReadClaimedAsync(PoolView view, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(view);
        return source.Pages.ItemsAsync<ClaimAcceptedItem>(view.State.ClaimedJobs, PageReader.MostItems, cancellationToken);
    }

    /// <summary>What payees' work was found to be, page by page as they are read; none where the pool checks no work.</summary>
    /// <exception cref="SwarmPoolException">A page is unavailable now; the code says why.</exception>
    public IAsyncEnumerable<TrustItem> ReadTrustAsync(PoolView view, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(view);
        return source.Pages.ItemsAsync<TrustItem>(view.State.Trust ?? [], PageReader.MostItems, cancellationToken);
    }

    /// <summary>Where a name is paid as of now; null when it is not known.</summary>
    public async ValueTask<EthAddress?> PayeeAsync(EnsName name, CancellationToken cancellationToken = default)
    {
        var answer = await names.ResolveAsync(name, cancellationToken);
        return answer.Status != IdentityStatus.Known ? null : answer.Payout ?? (answer.Accounts.Count > 0 ? answer.Accounts[0] : null);
    }

    private async Task ListenAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await using var heard = await transport.PubSub.SubscribeAsync(Topics.Of(pool, Topics.State), both.Token);
            await foreach (var message in heard.ReadAllAsync(both.Token))
            {
                if (await listener.CheckAsync(message.Payload, SnapshotTypes.State, both.Token) is { } state)
                {
                    book.Offer(state);
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Patience is over: the caller says what was not heard.
        }
    }
}

/// <summary>A pool's newest state that was available; its signature has been checked.</summary>
/// <param name="State">The state.</param>
/// <param name="Cid">Its CID.</param>
/// <param name="Conflict">Two contradicting states of the pool, when such were seen: evidence against its operator. Null otherwise.</param>
public sealed record PoolView(PoolStateSnapshot State, Cid Cid, StateConflict? Conflict);
