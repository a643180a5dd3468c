using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>A snapshot together with the very bytes that were read or signed. Bytes, not the record, are what a signature covers.</summary>
/// <remarks>
/// Immutable; thread-safe. That it decoded says nothing of who signed it, nor that anyone did: that is
/// <see cref="SnapshotSignature"/>'s to say.
/// </remarks>
public sealed class SignedSnapshot
{
    internal SignedSnapshot(Snapshot body, byte[] bytes, Range signature)
    {
        Body = body;
        Bytes = bytes;
        Signature = signature;
        Cid = Cid.OfBlock(bytes);
    }

    /// <summary>What it says. Fields that this build doesn't know are in <see cref="Bytes"/> only.</summary>
    public Snapshot Body { get; }

    /// <summary>The canonical bytes, <c>sig</c> included; at most <see cref="SnapshotCodec.MaxBytes"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Its identity: CIDv1 raw, sha2-256 of <see cref="Bytes"/>.</summary>
    public Cid Cid { get; }

    /// <summary>SHA-256 of the canonical object without <c>sig</c>, lower-case hex, as in the signing text; the identity of a delegation.</summary>
    public string Digest => SigningTextWriter.Digest(Bytes.Span, Signature);

    /// <summary>Which of the bytes are the <c>sig</c> member and one comma; empty when it isn't signed.</summary>
    internal Range Signature { get; }

    /// <summary>Type, signer and short CID, for people.</summary>
    public override string ToString() => $"{Body.Type} of {Body.Signer} ({Cid.ToShortString()})";
}
