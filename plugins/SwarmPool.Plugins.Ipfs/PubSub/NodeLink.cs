using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.PubSub;

/// <summary>Whether the node is reached: it is while it streams each topic that somebody listens to.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class NodeLink(TransportLink link)
{
    private readonly Lock gate = new();
    private readonly HashSet<string> lost = new(StringComparer.Ordinal);

    /// <summary>A topic's stream broke, or could not be opened.</summary>
    public void Lost(string topic, string why)
    {
        lock (gate)
        {
            lost.Add(topic);
            link.Down(why);
        }
    }

    /// <summary>A topic is streamed again, or nobody listens to it any longer.</summary>
    public void Back(string topic)
    {
        lock (gate)
        {
            if (lost.Remove(topic) && lost.Count == 0)
            {
                link.Up();
            }
        }
    }
}
