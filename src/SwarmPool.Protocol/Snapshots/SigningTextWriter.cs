using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>
/// The text that a wallet shows and signs. It names type, pool, network and signer beside the hash, so that a signature given
/// for one purpose, pool or network is worthless for another; and what a delegation grants, so that nobody signs that unseen.
/// </summary>
internal static class SigningTextWriter
{
    /// <summary>The text for a snapshot of these canonical bytes, of which <paramref name="signature"/> is left out.</summary>
    public static byte[] Of(Snapshot body, ReadOnlySpan<byte> canonical, Range signature) => Encoding.UTF8.GetBytes(
        $"SwarmPool snapshot v1\ntype: {body.Type}\npool: {body.Pool}\nnetwork: {body.Network}\nsigner: {body.Signer}\n{GrantText.Of(body)}sha256: {Digest(canonical, signature)}");

    /// <summary>SHA-256 of the canonical object without its signature, lower-case hex: what stays the same however the signature is spelled.</summary>
    public static string Digest(ReadOnlySpan<byte> canonical, Range signature)
    {
        var (start, length) = signature.GetOffsetAndLength(canonical.Length);
        var rest = ArrayPool<byte>.Shared.Rent(canonical.Length);
        canonical[..start].CopyTo(rest);
        canonical[(start + length)..].CopyTo(rest.AsSpan(start));
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(rest.AsSpan(0, canonical.Length - length), digest);
        ArrayPool<byte>.Shared.Return(rest);
        return Convert.ToHexStringLower(digest);
    }
}
