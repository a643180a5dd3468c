using NBitcoin.Secp256k1;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Simulation.Parties;
using SHA256 = System.Security.Cryptography.SHA256;

namespace SwarmPool.Simulation.Bugs;

/// <summary>Signs validly, and epochs with a secret number of chance instead of RFC 6979's: the same text gets another signature each time.</summary>
internal sealed class RestlessSigner(ISigner right) : ISigner
{
    // Over all the daemons of a process: a daemon that starts anew has no memory either, and yet another number.
    private static int count;

    public EthAddress Address => right.Address;

    public ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken) =>
        text.Span.IndexOf("\ntype: epoch\n"u8) >= 0 ? new(Sign(text.Span)) : right.SignAsync(text, cancellationToken);

    private ReadOnlyMemory<byte> Sign(ReadOnlySpan<byte> text)
    {
        var hash = new byte[32];
        Eip191.Hash(text, hash);
        using var key = ECPrivKey.Create(Cast.SecretOf(Cast.Pool));
        var chance = new RFC6979NonceFunction(SHA256.HashData([(byte)++count, .. hash]));
        if (!key.TrySignRecoverable(hash, chance, out var signed) || signed is null)
        {
            throw new InvalidOperationException("no signature");
        }

        var signature = new byte[65];
        signed.WriteToSpanCompact(signature.AsSpan(0, 64), out var recovery);
        signature[64] = (byte)(27 + recovery);
        return signature;
    }
}
