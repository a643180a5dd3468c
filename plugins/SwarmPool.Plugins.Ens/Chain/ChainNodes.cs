using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens.Chain;

/// <summary>The nodes: the favoured one is asked, and while it fails, the next.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ChainNodes
{
    /// <summary>The most that a node may be behind the newest block that any has told: some six minutes of mainnet.</summary>
    private const long MostBehind = 32;

    /// <summary>How long one reading may take, whatever the nodes do: less than the runtime's patience with a name.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(60);

    private readonly Place[] places;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private long newest;

    public ChainNodes(IReadOnlyList<ChainNode> nodes, TimeProvider time, ILogger logger)
    {
        places = [.. nodes.Select(node => new Place(node))];
        this.time = time;
        this.logger = logger;
    }

    /// <summary>Reads from the first node that answers; what was begun on one node is begun anew on the next, at that one's block.</summary>
    /// <param name="read">What to read.</param>
    /// <param name="alone">Whether it is for one name alone. A fault that may be one name's ends the reading for many at once: they are asked for one by one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RpcException">No node answered; it is the last one's fault.</exception>
    public async Task<T> ReadAsync<T>(Func<ChainView, CancellationToken, Task<T>> read, bool alone, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        RpcException? last = null;
        foreach (var place in InOrder())
        {
            try
            {
                var view = await place.Node.OpenAsync(either.Token);
                CheckNotBehind(place.Node, view.Block);
                var result = await read(view, either.Token);
                Succeeded(place);
                return result;
            }
            catch (RpcException fault)
            {
                last = fault;
                Failed(place, fault);
                if (fault.MayBeOneNames && (!alone || places.Length == 1))
                {
                    break;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw last ?? new RpcException(RpcFault.TimedOut, $"no node answered within {Patience.TotalSeconds:0} s");
            }
        }

        throw last!;
    }

    /// <summary>
    /// Views of all nodes that answer, at one block: the newest that so many of them have. A node that is behind or ahead, or says so, moves it no
    /// further than they agree.
    /// </summary>
    /// <param name="needed">How many have to be there; 1 or more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RpcException">There are fewer; it is one of the others' fault.</exception>
    public async Task<IReadOnlyList<NodeView>> OpenAllAsync(int needed, CancellationToken cancellationToken)
    {
        RpcException? last = null;
        var now = time.GetTimestamp();
        var awake = places.Where(place => !place.RestsAt(now, time)).ToArray();
        var opened = await Task.WhenAll((awake.Length >= needed ? awake : places).Select(place => OpenAsync(place)));
        var views = opened.OfType<(Place Place, ChainView View)>().OrderByDescending(static one => one.View.Block).ToList();
        if (views.Count < needed)
        {
            throw new RpcException(last!.Fault, $"{views.Count} of {places.Length} nodes answer, and {needed} have to say the same: {last.Message}", last);
        }

        var block = views[needed - 1].View.Block;
        return [.. views.Where(one => one.View.Block >= block).Select(one => new NodeView(one.Place.Node, new ChainView(one.Place.Node, block), () => Succeeded(one.Place), fault => Failed(one.Place, fault)))];

        async Task<(Place Place, ChainView View)?> OpenAsync(Place place)
        {
            try
            {
                return (place, await place.Node.OpenAsync(cancellationToken));
            }
            catch (RpcException fault)
            {
                Failed(place, fault);
                last = fault;
                return null;
            }
        }
    }

    // Those that rest come last, not never: when all have failed, one of them is the best there is.
    private IEnumerable<Place> InOrder()
    {
        var now = time.GetTimestamp();
        IEnumerable<Place> order = places.OrderBy(place => place.RestsAt(now, time) ? 1 : 0);

        // A node that stands alone gets a second try, for a connection that its other side has closed meanwhile.
        return places.Length == 1 ? order.Concat(places) : order;
    }

    private void CheckNotBehind(ChainNode node, long block)
    {
        var seen = Math.Max(Interlocked.Read(ref newest), block);
        Interlocked.Exchange(ref newest, seen);
        if (block < seen - MostBehind)
        {
            throw new RpcException(RpcFault.Behind, $"the node {node.Endpoint} is at block {block}, {seen - block} behind another node");
        }
    }

    private void Succeeded(Place place)
    {
        if (place.Recover())
        {
            EnsLog.NodeBack(logger, place.Node.Endpoint);
        }
    }

    private void Failed(Place place, RpcException fault)
    {
        if (place.Fail(time.GetTimestamp()))
        {
            EnsLog.NodeFailed(logger, fault.Fault, fault.Message);
        }
    }

    /// <summary>A node and how it fares.</summary>
    private sealed class Place(ChainNode node)
    {
        private int failures;
        private long failedAt;

        public ChainNode Node => node;

        public bool RestsAt(long now, TimeProvider time)
        {
            var inARow = Volatile.Read(ref failures);
            if (inARow == 0)
            {
                return false;
            }

            var rest = TimeSpan.FromTicks(Math.Min(LongestRest.Ticks, ShortestRest.Ticks << Math.Min(inARow - 1, 6)));
            return time.GetElapsedTime(Interlocked.Read(ref failedAt), now) < rest;
        }

        /// <summary>True for the first failure in a row.</summary>
        public bool Fail(long now)
        {
            Interlocked.Exchange(ref failedAt, now);
            return Interlocked.Increment(ref failures) == 1;
        }

        /// <summary>True when it had failed.</summary>
        public bool Recover() => Interlocked.Exchange(ref failures, 0) > 0;
    }
}
