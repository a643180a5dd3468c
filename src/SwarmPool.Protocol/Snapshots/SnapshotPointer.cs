using System.Text;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>A message that carries a snapshot's CID instead of its bytes: <c>{"cid":"b…"}</c>.</summary>
/// <remarks>Pure; thread-safe.</remarks>
public static class SnapshotPointer
{
    /// <summary>Snapshots of more bytes than this (16 KiB) are stored and sent as a pointer, so that messages stay small.</summary>
    public const int Threshold = 16_384;

    private const int CidText = 59;

    private static ReadOnlySpan<byte> Head => "{\"cid\":\""u8;

    private static ReadOnlySpan<byte> Tail => "\"}"u8;

    /// <summary>The message that points to a snapshot.</summary>
    /// <param name="cid">The snapshot's CID.</param>
    public static byte[] Encode(Cid cid) => [.. Head, .. Encoding.ASCII.GetBytes(cid.ToString()), .. Tail];

    /// <summary>True when the message is a pointer, and nothing else. A snapshot's own bytes never are: they have a <c>type</c>.</summary>
    /// <param name="message">Any bytes.</param>
    /// <param name="cid">Where the snapshot is.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, out Cid cid)
    {
        cid = default;
        return message.Length == Head.Length + CidText + Tail.Length
            && message.StartsWith(Head)
            && message.EndsWith(Tail)
            && Cid.TryParse(Encoding.ASCII.GetString(message.Slice(Head.Length, CidText)), out cid);
    }
}
