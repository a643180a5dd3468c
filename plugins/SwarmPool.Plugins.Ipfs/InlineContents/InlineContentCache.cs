using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.InlineContents;

/// <summary>Small contents that were put or came with a message lately, so many bytes of them; the oldest go first.</summary>
/// <remarks>Thread-safe. Content is under the CID of its bytes, whoever brought it.</remarks>
internal sealed class InlineContentCache(int maxBytes)
{
    // What a content costs beside its bytes: very small ones must not be free.
    private const int Overhead = 192;

    private readonly Lock gate = new();
    private readonly Dictionary<Cid, ReadOnlyMemory<byte>> byCid = [];
    private readonly Queue<Cid> order = new();
    private int bytes;

    public void Add(Cid cid, ReadOnlySpan<byte> content)
    {
        lock (gate)
        {
            if (content.Length + Overhead > maxBytes || byCid.ContainsKey(cid))
            {
                return;
            }

            byCid.Add(cid, content.ToArray());
            order.Enqueue(cid);
            for (bytes += content.Length + Overhead; bytes > maxBytes;)
            {
                byCid.Remove(order.Dequeue(), out var oldest);
                bytes -= oldest.Length + Overhead;
            }
        }
    }

    public bool TryGet(Cid cid, out ReadOnlyMemory<byte> content)
    {
        lock (gate)
        {
            return byCid.TryGetValue(cid, out content);
        }
    }
}
