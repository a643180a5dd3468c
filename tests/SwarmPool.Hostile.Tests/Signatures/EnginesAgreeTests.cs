using System.Globalization;
using System.Security.Cryptography;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Hostile.Tests.Signatures;

/// <summary>The two engines are one to whoever is judged by them: a signature that one takes and the other doesn't would split a pool.</summary>
public sealed class EnginesAgreeTests(ITestOutputHelper output)
{
    // Around the curve's order, its half, and the field's prime.
    private static readonly byte[][] Edges = Array.ConvertAll(
        (string[])
        [
            "0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000001",
            "0000000000000000000000000000000000000000000000000000000000000002", "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b209f",
            "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1",
            "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
            "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364142", "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2e",
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        ],
        Convert.FromHexString);

    [Fact]
    public void On_every_signature_honest_mutated_or_made_up()
    {
        Assert.True(SignatureEngines.Native is not null, SignatureEngines.Description);
        var (native, managed) = (SignatureEngines.Native, SignatureEngines.Managed);
        var tries = Full.Or(5_000, 100_000);
        var random = new Random(65);
        var (key, hash, honest) = (new byte[32], new byte[32], new byte[65]);
        var (taken, refused) = (0, 0);
        for (var i = 0; i < tries; i++)
        {
            if (i % 16 == 0)
            {
                random.NextBytes(key);
                random.NextBytes(hash);
                native.Sign(key, hash, honest);
                Assert.Equal(native.AddressOf(key), managed.AddressOf(key));
            }

            var (judged, signature) = Next(random, hash, honest, i % 16);
            var one = native.TryRecover(judged, signature, out var nativeSays);
            var other = managed.TryRecover(judged, signature, out var managedSays);
            Assert.True(
                one == other && nativeSays == managedSays,
                $"{Convert.ToHexStringLower(signature)} over {Convert.ToHexStringLower(judged)}: {one} {nativeSays} and {other} {managedSays}");
            (taken, refused) = one ? (taken + 1, refused) : (taken, refused + 1);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tries} signatures: both took {taken} and refused {refused}"));
        Assert.True(taken > tries / 5 && refused > tries / 5, $"{taken} were taken and {refused} refused: one side is hardly tried");
    }

    [Fact]
    public void On_every_signature_that_is_signed()
    {
        Assert.True(SignatureEngines.Native is not null, SignatureEngines.Description);
        var random = new Random(66);
        var (key, hash, first, second) = (new byte[32], new byte[32], new byte[65], new byte[65]);
        for (var i = 0; i < Full.Or(500, 10_000); i++)
        {
            random.NextBytes(key);
            random.NextBytes(hash);
            if (i % 50 < Edges.Length)
            {
                Edges[i % 50].CopyTo(hash, 0); // A hash may be any number, above the order too.
            }

            SignatureEngines.Native.Sign(key, hash, first);
            SignatureEngines.Managed.Sign(key, hash, second);
            Assert.Equal(Convert.ToHexString(first), Convert.ToHexString(second));
        }
    }

    private static (byte[] Hash, byte[] Signature) Next(Random random, byte[] hash, byte[] honest, int kind)
    {
        var (judged, signature) = ((byte[])[.. hash], (byte[])[.. honest]);
        switch (kind)
        {
            case 0:
                break;
            case 1 or 2 or 3:
                signature[random.Next(65)] ^= (byte)(1 << random.Next(8));
                break;
            case 4:
                signature[64] = (byte)random.Next(256);
                break;
            case 5:
                signature[64] = (byte)(55 - signature[64]);
                break;
            case 6 or 7:
                Pick(random).CopyTo(signature, 0);
                break;
            case 8 or 9:
                Pick(random).CopyTo(signature, 32);
                break;
            case 10:
                Pick(random).CopyTo(signature, 0);
                Pick(random).CopyTo(signature, 32);
                break;
            case 11:
                Pick(random).CopyTo(judged, 0);
                break;
            case 12:
                random.NextBytes(signature.AsSpan(0, 64));
                signature[32] &= 0x7f;
                break;
            case 13:
                random.NextBytes(judged);
                break;
            case 14:
                signature = random.Next(2) == 0 ? signature[..random.Next(65)] : [.. signature, (byte)random.Next(256)];
                break;
            default:
                SHA256.HashData(signature, signature.AsSpan(0, 32)); // An r that is on the curve or not, as chance has it.
                break;
        }

        return (judged, signature);
    }

    private static byte[] Pick(Random random) => Edges[random.Next(Edges.Length)];
}
