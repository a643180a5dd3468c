using System.Text.Json;
using SwarmPool.Runtime.Signatures;

namespace SwarmPool.Runtime.Keys.Remote;

/// <summary>What a remote signer answered: a signature, or why it does not sign.</summary>
internal sealed record SignerAnswer(byte[]? Signature, string? Refused)
{
    private const int MostReason = 500;

    /// <summary>Reads <c>{"signature":"0x…"}</c> or <c>{"refused":"why"}</c>.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static SignerAnswer Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 4 });
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("refused", out var refused) && refused.ValueKind == JsonValueKind.String)
            {
                return new SignerAnswer(null, Sayable(refused.GetString()!));
            }

            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("signature", out var signature) && signature.ValueKind == JsonValueKind.String)
            {
                return new SignerAnswer(Bytes(signature.GetString()!), null);
            }
        }
        catch (JsonException e)
        {
            throw new FormatException("its answer is no JSON", e);
        }

        throw new FormatException("its answer has neither 'signature' nor 'refused'");
    }

    private static byte[] Bytes(string text)
    {
        var bytes = new byte[Secp256k1Form.SignatureBytes];
        return text.Length == 2 + (2 * bytes.Length) && text.StartsWith("0x", StringComparison.Ordinal)
            && Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) == System.Buffers.OperationStatus.Done
                ? bytes
                : throw new FormatException("its signature is not 0x and 130 hex digits");
    }

    // It goes to a screen: bounded, and nothing in it moves a cursor.
    private static string Sayable(string reason) =>
        string.Concat(reason.Take(MostReason).Select(static c => char.IsControl(c) ? ' ' : c));
}
