using System.Collections.Concurrent;
using SwarmPool.Load.Wire;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Load.Driving;

/// <summary>Takes what the daemon says from its threads to the driver's, and reads it there. The pool's signature is not checked: that is a client's work.</summary>
internal sealed class AnnouncementRecorder : IDisposable
{
    private readonly BlockingCollection<ReadOnlyMemory<byte>> heard = [];
    private readonly MemoryNet net;

    public AnnouncementRecorder(MemoryNet net)
    {
        this.net = net;
        net.Heard = payload => heard.Add(payload);
    }

    /// <summary>The next thing said; null when nothing was said for so long.</summary>
    public Snapshot? Next(TimeSpan patience)
    {
        if (!heard.TryTake(out var bytes, patience))
        {
            return null;
        }

        if (SnapshotPointer.TryRead(bytes.Span, out var cid))
        {
            bytes = net.Get(cid) ?? throw new InvalidOperationException($"The daemon points to {cid}, which it did not store.");
        }

        return SnapshotCodec.TryDecode(bytes, out var snapshot, out var refusal)
            ? snapshot.Body
            : throw new InvalidOperationException($"The daemon said what does not decode: {refusal}");
    }

    public void Dispose()
    {
        net.Heard = null;
        heard.Dispose();
    }
}
