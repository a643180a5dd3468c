using System.Buffers;
using System.Text;
using System.Text.Json;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Runtime.Keys.Remote;

/// <summary>The line protocol of remote signers; docs/identity.md tells it.</summary>
internal static class SignerMessages
{
    private const int MostReason = 200;

    /// <summary>Which account it signs for.</summary>
    public static byte[] AskAccount(long id) => Line(id, "account", static _ => { });

    /// <summary>A signature of a text, which the signer sees whole.</summary>
    public static byte[] AskSignature(long id, EthAddress account, ReadOnlyMemory<byte> text) => Line(id, "sign", json =>
    {
        json.WriteString("account", account.ToString());
        json.WriteString("text", text.Span);
    });

    /// <exception cref="InvalidDataException">It is no answer to that.</exception>
    public static EthAddress ReadAccount(ReadOnlyMemory<byte> line, long id) =>
        !Read(line, id, "account", out var account, out _) ? throw new InvalidDataException("does not say which account it signs for")
        : EthAddress.TryParseTyped(account, out var address, out var problem) ? address
        : throw new InvalidDataException($"says that it signs for an account that {problem}");

    /// <summary>The signature, or why there is none.</summary>
    /// <exception cref="InvalidDataException">It is no answer to that.</exception>
    public static (byte[]? Signature, string? Refused) ReadSignature(ReadOnlyMemory<byte> line, long id)
    {
        if (!Read(line, id, "signature", out var hex, out var refused))
        {
            return (null, refused);
        }

        var signature = new byte[Secp256k1Form.SignatureBytes];
        return hex.Length == 2 + (2 * signature.Length)
            && hex.StartsWith("0x", StringComparison.Ordinal)
            && Convert.FromHexString(hex.AsSpan(2), signature, out _, out _) == OperationStatus.Done
                ? (signature, null)
                : throw new InvalidDataException("answered with something that is no signature: 0x and 130 hex digits are needed");
    }

    private static bool Read(ReadOnlyMemory<byte> line, long id, string wanted, out string value, out string? refused)
    {
        (value, refused) = ("", null);
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 2 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("id", out var of) || !of.TryGetInt64(out var answered) || answered != id)
            {
                throw new InvalidDataException("answered with something that is no answer to the request");
            }

            if (root.TryGetProperty("refused", out var reason))
            {
                refused = Shown(reason.GetString() ?? "");
                return false;
            }

            value = (root.TryGetProperty(wanted, out var found) ? found.GetString() : null)
                ?? throw new InvalidDataException($"answered without '{wanted}' and without 'refused'");
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The line itself is not shown: nobody knows what it holds.
            throw new InvalidDataException("answered with something that is no JSON of the signer's protocol", e);
        }
    }

    // The reason goes to logs and terminals.
    private static string Shown(string reason) =>
        string.Concat(reason.EnumerateRunes().Take(MostReason).Select(static rune => Rune.IsControl(rune) ? " " : rune.ToString()));

    private static byte[] Line(long id, string method, Action<Utf8JsonWriter> rest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("method", method);
            rest(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
