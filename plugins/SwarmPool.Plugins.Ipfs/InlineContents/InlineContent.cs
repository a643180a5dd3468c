using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.InlineContents;

/// <summary>
/// Sends the small contents that a message names along with it, and those that these name in turn (a job names its input), and
/// takes them out at the other end: whoever hears of a job has it, without fetching it over the network.
/// </summary>
/// <remarks>
/// Thread-safe. Own and received contents have separate caches, so that a flood of received ones can't evict ours.
/// What was received and is not named by its message is dropped.
/// </remarks>
internal sealed class InlineContent(int maxContentBytes)
{
    private const int OwnBytes = 32 * 1024 * 1024;
    private const int ForeignBytes = 32 * 1024 * 1024;
    private const int Depth = 2;

    private readonly InlineContentCache own = new(OwnBytes);
    private readonly InlineContentCache foreign = new(ForeignBytes);

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
        var contents = new List<ReadOnlyMemory<byte>>();
        Collect(message, contents, [], Depth);
        return Envelope.Seal(message, contents);
    }

    /// <summary>False when the payload is not a message.</summary>
    public bool TryOpen(ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> message)
    {
        if (!Envelope.TryOpen(payload, out message, out var contents))
        {
            return false;
        }

        if (contents.Count > 0 && maxContentBytes > 0)
        {
            var came = new Dictionary<Cid, ReadOnlyMemory<byte>>(contents.Count);
            foreach (var one in contents.Where(one => one.Length <= maxContentBytes))
            {
                came[Cid.OfBlock(one.Span)] = one;
            }

            Keep(message, came, Depth);
        }

        return true;
    }

    private void Collect(ReadOnlyMemory<byte> message, List<ReadOnlyMemory<byte>> contents, HashSet<Cid> chosen, int depth)
    {
        if (depth == 0 || maxContentBytes == 0)
        {
            return;
        }

        foreach (var cid in ReferencedCids.In(message.Span))
        {
            if (contents.Count < Envelope.MaxContents && !chosen.Contains(cid) && TryGet(cid, out var content)
                && contents.Sum(static one => one.Length) + content.Length <= Envelope.MaxContentBytes)
            {
                chosen.Add(cid);
                contents.Add(content);
                Collect(content, contents, chosen, depth - 1);
            }
        }
    }

    private void Keep(ReadOnlyMemory<byte> message, Dictionary<Cid, ReadOnlyMemory<byte>> came, int depth)
    {
        if (depth == 0)
        {
            return;
        }

        foreach (var cid in ReferencedCids.In(message.Span))
        {
            if (came.Remove(cid, out var content))
            {
                foreign.Add(cid, content.Span);
                Keep(content, came, depth - 1);
            }
        }
    }
}
