using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Names;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Replay;

/// <summary>
/// Signs copies of the state, and tells the pool's own: a copy is believed without looking at the records before it, so whoever can write
/// the store must not be able to make one.
/// </summary>
/// <param name="signer">The daemon's key.</param>
/// <param name="names">What the pool's name resolves to: other daemons of the pool may sign with another of its accounts.</param>
/// <param name="engine">Recovers accounts.</param>
/// <param name="pool">The pool's name.</param>
internal sealed class CopySeal(ISigner signer, NameCache names, ISignatureEngine engine, EnsName pool)
{
    private const string Signed = "+signed";

    /// <summary>The copy with its signature in front.</summary>
    public async ValueTask<StateSnapshot> SignAsync(StateSnapshot copy, CancellationToken cancellationToken)
    {
        var signature = await signer.SignAsync(Text(copy.Format, copy, copy.Body), cancellationToken);
        return copy with { Format = copy.Format + Signed, Body = (byte[])[.. signature.Span, .. copy.Body.Span] };
    }

    /// <summary>Whether this daemon's key, or an account of the pool's name, has signed the copy.</summary>
    public async ValueTask<bool> IsOursAsync(StateSnapshot copy, CancellationToken cancellationToken) =>
        Account(copy) is { } account
        && (account == signer.Address || (await names.ResolveAsync(pool, cancellationToken)).Accounts.Contains(account));

    /// <summary>The format and the body of a copy, signed or not.</summary>
    public static (string Format, ReadOnlyMemory<byte> Body) Open(StateSnapshot copy) =>
        copy.Format.EndsWith(Signed, StringComparison.Ordinal) && copy.Body.Length >= Secp256k1Form.SignatureBytes
            ? (copy.Format[..^Signed.Length], copy.Body[Secp256k1Form.SignatureBytes..])
            : (copy.Format, copy.Body);

    private EthAddress? Account(StateSnapshot copy)
    {
        var (format, body) = Open(copy);
        if (format == copy.Format)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[Secp256k1Form.HashBytes];
        Eip191.Hash(Text(format, copy, body), hash);
        return engine.TryRecover(hash, copy.Body.Span[..Secp256k1Form.SignatureBytes], out var account) ? account : null;
    }

    // What no wallet takes for a snapshot, nor a snapshot's reader for one.
    private byte[] Text(string format, StateSnapshot copy, ReadOnlyMemory<byte> body) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"SwarmPool state copy v1\npool: {pool}\nnetwork: {names.Network}\nformat: {format}\nrecord: {copy.Sequence}\nhash: {Convert.ToHexStringLower(copy.Hash.Span)}\nsha256: {Convert.ToHexStringLower(SHA256.HashData(body.Span))}"));
}
