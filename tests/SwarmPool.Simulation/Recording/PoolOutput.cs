using SwarmPool.Protocol.Snapshots;
using SwarmPool.Simulation.Network;
using SwarmPool.Simulation.Parties;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Recording;

/// <summary>Everything that the pool's daemons said and stored in a run, each thing once, in the order of the first time.</summary>
internal sealed class PoolOutput
{
    private readonly SimNetwork network;
    private readonly HashSet<(string Topic, Cid Content)> known = [];

    public PoolOutput(SimNetwork network)
    {
        this.network = network;
        network.Sent += (from, topic, payload) =>
        {
            if (from.Name == Cast.Pool.Text && known.Add((topic, Cid.OfBlock(payload.Span))))
            {
                Said.Add((topic, payload.ToArray()));
            }
        };
        network.Stored += (by, bytes) =>
        {
            if (by == Cast.Pool.Text)
            {
                Stored.Add(ContentAddress.Of(bytes.Span));
            }
        };
    }

    public List<(string Topic, byte[] Payload)> Said { get; } = [];

    public HashSet<Cid> Stored { get; } = [];

    /// <summary>What a message says, whether it carries the snapshot or points to it.</summary>
    public SignedSnapshot Read(ReadOnlyMemory<byte> payload) =>
        SnapshotPointer.TryRead(payload.Span, out var cid) ? Read(cid) : Decode(payload);

    public SignedSnapshot Read(Cid stored) => Decode(ContentOf(stored));

    public ReadOnlyMemory<byte> ContentOf(Cid cid) =>
        Stored.Contains(cid) ? network.Contents[cid] : throw new InvalidOperationException($"The pool names {cid}, which it never stored.");

    private static SignedSnapshot Decode(ReadOnlyMemory<byte> bytes) => SnapshotCodec.TryDecode(bytes, out var snapshot, out var refusal)
        ? snapshot
        : throw new InvalidOperationException($"What the pool said can't be read: {refusal}");
}
