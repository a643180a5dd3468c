using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Content;

/// <summary>A snapshot that is of the type it was asked for as. That its signer signed it is for another to check.</summary>
/// <param name="Signed">As it was signed.</param>
/// <param name="Body">What it says.</param>
internal sealed record TypedSnapshot<TBody>(SignedSnapshot Signed, TBody Body)
    where TBody : Snapshot;

/// <summary>Reads snapshots of one type from bytes that came from outside.</summary>
internal static class TypedSnapshot
{
    /// <summary>The snapshot; or why not: what <see cref="SnapshotCodec.TryDecode"/> says, or SP2008 when it is of another type.</summary>
    /// <typeparam name="TBody">What it has to be; <see cref="Snapshot"/> takes every type.</typeparam>
    /// <param name="bytes">The bytes.</param>
    /// <param name="source">What they are, for the refusal: "the snapshot bafk…".</param>
    public static (TypedSnapshot<TBody>? Snapshot, Refusal? Refusal) Read<TBody>(ReadOnlyMemory<byte> bytes, string source)
        where TBody : Snapshot
    {
        if (!SnapshotCodec.TryDecode(bytes, out var signed, out var refusal))
        {
            return (null, refusal with { Reason = $"{source} can't be read: {refusal.Reason}" });
        }

        return signed.Body is TBody body
            ? (new TypedSnapshot<TBody>(signed, body), null)
            : (null, new Refusal(ErrorCodes.UnknownType, $"{source} is of the type '{signed.Body.Type}', not '{SnapshotSchema.TypeOf<TBody>()}'."));
    }
}
