using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Enclosures;

/// <summary>
/// Encloses in a message the small contents that it names, and those that these name in turn (a job names its input), and
/// takes them out at the other end: who is told of a job has it, without asking for it over the network.
/// </summary>
/// <remarks>
/// Thread-safe. Own contents and those that came have room of their own, so that a stranger's flood can't push ours out.
/// What came and is not named by its message is not kept.
/// </remarks>
internal sealed class EnclosureDesk(int maxContentBytes)
{
    private const int OwnBytes = 32 * 1024 * 1024;
    private const int ForeignBytes = 32 * 1024 * 1024;
    private const int Depth = 2;

    private readonly SmallContents own = new(OwnBytes);
    private readonly SmallContents foreign = new(ForeignBytes);

    /// <summary>Remembers content that was put here.</summary>
    public void Remember(Cid cid, ReadOnlySpan<byte> content)
    {
        if (content.Length <= maxContentBytes)
        {
            own.Add(cid, content);
        }
    }

    public bool TryGet(Cid cid, out ReadOnlyMemory<byte> content) => own.TryGet(cid, out content) || foreign.TryGet(cid, out content);

    /// <summary>Content that came with a message and was not put here, so that our node may not have it.</summary>
    public bool TryGetForeign(Cid cid, out ReadOnlyMemory<byte> content)
    {
        content = default;
        return !own.TryGet(cid, out _) && foreign.TryGet(cid, out content);
    }

    public ReadOnlyMemory<byte> Seal(ReadOnlyMemory<byte> message)
    {
        var enclosures = new List<ReadOnlyMemory<byte>>();
        Collect(message, enclosures, [], Depth);
        return Envelope.Seal(message, enclosures);
    }

    /// <summary>False when the payload is no message.</summary>
    public bool TryOpen(ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> message)
    {
        if (!Envelope.TryOpen(payload, out message, out var enclosures))
        {
            return false;
        }

        if (enclosures.Count > 0 && maxContentBytes > 0)
        {
            var came = new Dictionary<Cid, ReadOnlyMemory<byte>>(enclosures.Count);
            foreach (var one in enclosures.Where(one => one.Length <= maxContentBytes))
            {
                came[Cid.OfBlock(one.Span)] = one;
            }

            Keep(message, came, Depth);
        }

        return true;
    }

    private void Collect(ReadOnlyMemory<byte> message, List<ReadOnlyMemory<byte>> enclosures, HashSet<Cid> chosen, int depth)
    {
        if (depth == 0 || maxContentBytes == 0)
        {
            return;
        }

        foreach (var cid in NamedContents.In(message.Span))
        {
            if (enclosures.Count < Envelope.MaxEnclosures && !chosen.Contains(cid) && TryGet(cid, out var content)
                && enclosures.Sum(static one => one.Length) + content.Length <= Envelope.MaxEnclosedBytes)
            {
                chosen.Add(cid);
                enclosures.Add(content);
                Collect(content, enclosures, chosen, depth - 1);
            }
        }
    }

    private void Keep(ReadOnlyMemory<byte> message, Dictionary<Cid, ReadOnlyMemory<byte>> came, int depth)
    {
        if (depth == 0)
        {
            return;
        }

        foreach (var cid in NamedContents.In(message.Span))
        {
            if (came.Remove(cid, out var content))
            {
                foreign.Add(cid, content.Span);
                Keep(content, came, depth - 1);
            }
        }
    }
}
