using System.Text;
using System.Text.Json;
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

    private const int PointerBytes = 69;

    public static ReadOnlyMemory<byte> Of(SignedSnapshot snapshot) => snapshot.Bytes.Length <= MaxInlineBytes
        ? snapshot.Bytes
        : Encoding.UTF8.GetBytes($$"""{"cid":"{{snapshot.Cid}}"}""");

    /// <summary>True when the payload is a pointer; anything else is to be decoded as a snapshot.</summary>
    public static bool TryReadPointer(ReadOnlyMemory<byte> payload, out Cid cid)
    {
        cid = default;
        if (payload.Length > PointerBytes || !payload.Span.StartsWith("{\"cid\":\""u8))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(payload);
            return document.RootElement.TryGetProperty("cid", out var text) && Cid.TryParse(text.GetString(), out cid);
        }
        catch (JsonException)
        {
            return false; // Not a pointer; as a snapshot it will be refused by name.
        }
    }
}
