using System.Text;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Messaging;

/// <summary>
/// What travels over a topic: a snapshot's own bytes when they are few, else a pointer <c>{"cid":"…"}</c> to them.
/// Either way the sender has stored the snapshot by its CID.
/// </summary>
internal static class MessageForm
{
    /// <summary>Snapshots up to this size travel with the message.</summary>
    public const int MaxInlineBytes = 16 * 1024;

    private const int CidBytes = 59;

    private static ReadOnlySpan<byte> Before => "{\"cid\":\""u8;

    private static ReadOnlySpan<byte> After => "\"}"u8;

    public static ReadOnlyMemory<byte> Of(SignedSnapshot snapshot) => snapshot.Bytes.Length <= MaxInlineBytes
        ? snapshot.Bytes
        : Encoding.UTF8.GetBytes($$"""{"cid":"{{snapshot.Cid}}"}""");

    /// <summary>True when the payload is a pointer; anything else is to be decoded as a snapshot.</summary>
    public static bool TryReadPointer(ReadOnlyMemory<byte> payload, out Cid cid)
    {
        // Exactly the bytes that Of writes: anybody sends these, and a reader that takes less than JSON has less to fail on.
        cid = default;
        var span = payload.Span;
        return span.Length == Before.Length + CidBytes + After.Length
            && span.StartsWith(Before)
            && span.EndsWith(After)
            && Cid.TryParse(Encoding.ASCII.GetString(span.Slice(Before.Length, CidBytes)), out cid);
    }
}
