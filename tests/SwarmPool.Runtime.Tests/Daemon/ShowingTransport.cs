using System.Collections.Concurrent;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A transport with a public tree, which is kept as it was told.</summary>
internal sealed class ShowingTransport(ITransport inner) : ITransport, IPublicTree
{
    private readonly ConcurrentDictionary<string, Cid> files = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Cid> Files => files;

    /// <summary>How often all files were told at once.</summary>
    public int Wholes { get; private set; }

    public int MaxFiles => 1000;

    public IContentStore Content => inner.Content;

    public IPubSub PubSub => inner.PubSub;

    public IPublicTree PublicTree => this;

    public void Show(string pool, IReadOnlyCollection<PublicFile> changes, bool isAll)
    {
        Assert.Equal("swarmpool.eth", pool);
        if (isAll)
        {
            Wholes++;
            files.Clear();
        }

        foreach (var file in changes)
        {
            if (file.Content.IsEmpty)
            {
                files.TryRemove(file.Path, out _);
            }
            else
            {
                files[file.Path] = file.Content;
            }
        }
    }

    public ValueTask StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
