using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;
using Org.BouncyCastle.Utilities;
using SwarmPool.Identity;

namespace SwarmPool.Protocol.Signatures;

/// <summary>The managed engine: there on every machine.</summary>
/// <remarks>It signs by the textbook equation instead of the library's signer, because only the nonce's point tells v without a trial recovery.</remarks>
internal sealed class BouncyCastleEngine : ISignatureEngine
{
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly BigInteger Order = Curve.N;
    private static readonly BigInteger HalfOrder = Curve.N.ShiftRight(1);
    private static readonly FixedPointCombMultiplier Multiplier = new();

    public string Name => "BouncyCastle (managed)";

    public bool TryRecover(ReadOnlySpan<byte> hash32, ReadOnlySpan<byte> sig65, out EthAddress address)
    {
        address = default;
        if (!Secp256k1Form.IsSignature(hash32, sig65))
        {
            return false;
        }

        var r = new BigInteger(1, sig65[..32]);
        var s = new BigInteger(1, sig65[32..64]);
        if (!TryPoint(sig65[..32], odd: sig65[64] == 28, out var noncePoint))
        {
            return false;
        }

        // Q = r⁻¹(sR − zG)
        var inverse = BigIntegers.ModOddInverse(Order, r);
        var ofBase = new BigInteger(1, hash32).Negate().Multiply(inverse).Mod(Order);
        var ofNonce = s.Multiply(inverse).Mod(Order);
        var point = ECAlgorithms.SumOfTwoMultiplies(Curve.G, ofBase, noncePoint, ofNonce).Normalize();
        if (point.IsInfinity)
        {
            return false;
        }

        address = AddressOf(point);
        return true;
    }

    public void Sign(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> hash32, Span<byte> sig65)
    {
        Secp256k1Form.RequireKey(key32);
        Secp256k1Form.RequireLengths(hash32, sig65);
        var key = new BigInteger(1, key32);
        var z = new BigInteger(1, hash32);
        var nonces = new HMacDsaKCalculator(new Sha256Digest());
        nonces.Init(Order, key, hash32.ToArray());
        while (true)
        {
            var k = nonces.NextK();
            var point = Multiplier.Multiply(Curve.G, k).Normalize();
            var x = point.AffineXCoord.ToBigInteger();
            var s = BigIntegers.ModOddInverse(Order, k).Multiply(z.Add(key.Multiply(x))).Mod(Order);

            // Each of these has a chance of about 2⁻¹²⁷ or less: x at or above the order would need a v that Ethereum hasn't.
            if (x.SignValue == 0 || x.CompareTo(Order) >= 0 || s.SignValue == 0)
            {
                continue;
            }

            var odd = point.AffineYCoord.TestBitZero();
            if (s.CompareTo(HalfOrder) > 0)
            {
                s = Order.Subtract(s);
                odd = !odd;
            }

            BigIntegers.AsUnsignedByteArray(x, sig65[..32]);
            BigIntegers.AsUnsignedByteArray(s, sig65[32..64]);
            sig65[64] = (byte)(odd ? 28 : 27);
            return;
        }
    }

    public EthAddress AddressOf(ReadOnlySpan<byte> key32)
    {
        Secp256k1Form.RequireKey(key32);
        return AddressOf(Multiplier.Multiply(Curve.G, new BigInteger(1, key32)).Normalize());
    }

    private static EthAddress AddressOf(ECPoint point)
    {
        Span<byte> encoded = stackalloc byte[65];
        point.EncodeTo(compressed: false, encoded);
        return Secp256k1Form.AddressOf(encoded[1..]);
    }

    private static bool TryPoint(ReadOnlySpan<byte> x, bool odd, out ECPoint point)
    {
        Span<byte> compressed = stackalloc byte[33];
        compressed[0] = (byte)(odd ? 3 : 2);
        x.CopyTo(compressed[1..]);
        try
        {
            point = Curve.Curve.DecodePoint(compressed);
            return true;
        }
        catch (ArgumentException)
        {
            // Half of all x have no point; the library has no way of asking without an exception.
            point = Curve.Curve.Infinity;
            return false;
        }
    }
}
