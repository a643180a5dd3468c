using SwarmPool.Simulation.Engine;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Network;

/// <summary>A party's end of the network.</summary>
internal sealed class SimTransport(SimNetwork network, Pump pump, SimProcess process) : ITransport, IContentStore, IPubSub
{
    private static readonly TimeSpan FetchWait = TimeSpan.FromSeconds(2);

    public IContentStore Content => this;

    public IPubSub PubSub => this;

    public int MaxMessageBytes => 240 * 1024;

    public int MaxContentBytes => 16 * 1024 * 1024;

    public ValueTask StartAsync(CancellationToken cancellationToken) => default;

    public async ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        pump.RequireStep($"{process.Name} publishing");
        if (network.Fails(network.Weather.PublishFails))
        {
            throw new TransportException(TransportFault.Unavailable, "not connected now");
        }

        network.Publish(process, topic, payload);
        await Task.CompletedTask;
    }

    public ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken)
    {
        pump.RequireStep($"{process.Name} subscribing");
        return new(network.Subscribe(process, topic));
    }

    public async ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await TravelAsync("storing", cancellationToken);
        var cid = ContentAddress.Of(content.Span);
        network.Keep(process.Name, cid, content);
        return cid;
    }

    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        await TravelAsync("fetching", cancellationToken);
        if (!network.Contents.ContainsKey(cid))
        {
            await Task.Delay(FetchWait, process.Time, cancellationToken);
        }

        if (!network.Contents.TryGetValue(cid, out var bytes))
        {
            throw new TransportException(TransportFault.NotFound, $"nobody has {cid}");
        }

        return bytes.Length <= maxBytes ? bytes.ToArray() : throw new TransportException(TransportFault.TooLarge, $"{cid} has {bytes.Length} bytes");
    }

    public async ValueTask PinAsync(Cid cid, CancellationToken cancellationToken) => await GetAsync(cid, int.MaxValue, cancellationToken);

    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => default;

    public async ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken)
    {
        await TravelAsync("pointing", cancellationToken);
        network.Pointers[pointer] = cid;
    }

    public async ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken)
    {
        await TravelAsync("resolving", cancellationToken);
        return network.Pointers.TryGetValue(pointer, out var cid) ? cid : null;
    }

    public ValueTask DisposeAsync() => default;

    private async ValueTask TravelAsync(string what, CancellationToken cancellationToken)
    {
        pump.RequireStep($"{process.Name} {what}");
        await Task.Delay(network.Latency(), process.Time, cancellationToken);
        if (network.IsCutOff(process.Name) || network.Fails(network.Weather.ContentFails))
        {
            throw new TransportException(TransportFault.Unavailable, "the content store does not answer now");
        }
    }
}
