using System.Diagnostics.CodeAnalysis;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>Who signed a snapshot.</summary>
/// <remarks>Pure; thread-safe.</remarks>
public static class SnapshotSignature
{
    private const int MaxContractBytes = 4096;

    /// <summary>
    /// Recovers the account that signed a snapshot. Whether that account may speak for <c>snapshot.Body.Signer</c> is for an
    /// identity provider to say: a damaged snapshot recovers to some account, only not to that one.
    /// </summary>
    /// <param name="snapshot">The snapshot; its bytes are what is checked.</param>
    /// <param name="engine">Any engine.</param>
    /// <param name="signer">The account.</param>
    /// <param name="refusal">SP2201: there is no signature, or it has not the one accepted form (0x and 130 lower-case hex digits, r‖s‖v, low s, v 27 or 28).</param>
    public static bool TryRecover(
        SignedSnapshot snapshot, ISignatureEngine engine, out EthAddress signer, [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(engine);
        Span<byte> signature = stackalloc byte[Secp256k1Form.SignatureBytes];
        Span<byte> hash = stackalloc byte[Secp256k1Form.HashBytes];
        signer = default;
        refusal = null;
        if (snapshot.Body.Sig is not { } text)
        {
            refusal = new Refusal(ErrorCodes.BadSignature, $"The {snapshot.Body.Type} is not signed: {snapshot.Body.Signer} has to sign it.");
            return false;
        }

        if (!TryParse(text, signature))
        {
            refusal = new Refusal(ErrorCodes.BadSignature, "$.sig needs 0x and 130 lower-case hex digits: r, s and v.");
            return false;
        }

        Eip191.Hash(SnapshotCodec.SigningText(snapshot), hash);
        if (!engine.TryRecover(hash, signature, out signer))
        {
            refusal = new Refusal(ErrorCodes.BadSignature, "$.sig is not a signature: r and s below the order, s in its lower half, v 27 or 28.");
        }

        return refusal is null;
    }

    /// <summary>A wallet's signature as snapshots spell it: lower case, and v as 27 or 28 where the wallet counts from 0.</summary>
    /// <exception cref="SwarmPoolException">SP2201: it is no hex, or has more bytes than any reader takes.</exception>
    internal static string FromWallet(string typed)
    {
        var digits = typed.Trim();
        digits = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits;
        var bytes = new byte[digits.Length / 2];
        if (digits.Length is 0 or > 2 * MaxContractBytes || digits.Length % 2 != 0 || Convert.FromHexString(digits, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            throw new SwarmPoolException(ErrorCodes.BadSignature, $"The signature is not 0x and the hex digits of 1 to {MaxContractBytes} bytes, as wallets show it.");
        }

        if (bytes.Length == Secp256k1Form.SignatureBytes && bytes[^1] < 2)
        {
            bytes[^1] += 27;
        }

        return "0x" + Convert.ToHexStringLower(bytes);
    }

    /// <summary>
    /// What a contract is asked about: the hash that was signed, and a signature of any form, 1 to 4,096 bytes in lower-case hex.
    /// Never of a job: a contract may take one signature in several spellings, each of which would be another job of its client's.
    /// </summary>
    internal static bool TryReadForContract(SignedSnapshot snapshot, out byte[] hash, out byte[] signature)
    {
        (hash, signature) = ([], []);
        var digits = snapshot.Body.Sig is { } text && text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : default;
        if (snapshot.Body is JobSnapshot || digits.Length is 0 or > 2 * MaxContractBytes || digits.Length % 2 != 0 || digits.ContainsAnyInRange('A', 'F'))
        {
            return false;
        }

        var bytes = new byte[digits.Length / 2];
        if (Convert.FromHexString(digits, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        (hash, signature) = (new byte[Secp256k1Form.HashBytes], bytes);
        Eip191.Hash(SnapshotCodec.SigningText(snapshot), hash);
        return true;
    }

    // Lower case only: with a second spelling of the same signature, a stranger could give one job two CIDs.
    private static bool TryParse(string text, Span<byte> signature) =>
        text.Length == 2 + (2 * Secp256k1Form.SignatureBytes)
        && text.StartsWith("0x", StringComparison.Ordinal)
        && !text.AsSpan(2).ContainsAnyInRange('A', 'F')
        && Convert.FromHexString(text.AsSpan(2), signature, out _, out _) == System.Buffers.OperationStatus.Done;
}
