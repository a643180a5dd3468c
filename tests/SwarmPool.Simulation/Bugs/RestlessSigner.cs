using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Simulation.Parties;

namespace SwarmPool.Simulation.Bugs;

/// <summary>Signs validly, and epochs with a secret number of chance instead of RFC 6979's: the same text gets another signature each time.</summary>
internal sealed class RestlessSigner(ISigner right) : ISigner
{
    private static readonly Org.BouncyCastle.Asn1.X9.X9ECParameters Curve = SecNamedCurves.GetByName("secp256k1");
    private static readonly ECDomainParameters Domain = new(Curve.Curve, Curve.G, Curve.N, Curve.H);

    // Over all the daemons of a process: a daemon that starts anew has no memory either, and yet another number.
    private static int count;

    public EthAddress Address => right.Address;

    public ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken) =>
        text.Span.IndexOf("\ntype: epoch\n"u8) >= 0 ? new(Sign(text.Span)) : right.SignAsync(text, cancellationToken);

    private ReadOnlyMemory<byte> Sign(ReadOnlySpan<byte> text)
    {
        var hash = new byte[32];
        Eip191.Hash(text, hash);
        var chance = SecureRandom.GetInstance("SHA256PRNG", autoSeed: false);
        chance.SetSeed([(byte)++count, .. hash]);
        var signer = new ECDsaSigner();
        signer.Init(true, new ParametersWithRandom(new ECPrivateKeyParameters(new BigInteger(1, Cast.SecretOf(Cast.Pool)), Domain), chance));
        var (r, s) = signer.GenerateSignature(hash) is [var first, var second] ? (first, second) : throw new InvalidOperationException("no signature");
        if (s.CompareTo(Domain.N.ShiftRight(1)) > 0)
        {
            s = Domain.N.Subtract(s);
        }

        var signature = new byte[65];
        Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(32, r).CopyTo(signature, 0);
        Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(32, s).CopyTo(signature, 32);
        for (signature[64] = 27; signature[64] <= 28; signature[64]++)
        {
            if (SignatureEngines.Best.TryRecover(hash, signature, out var account) && account == Address)
            {
                return signature;
            }
        }

        throw new InvalidOperationException("the signature leads to nobody");
    }
}
