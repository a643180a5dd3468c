using System.Text.Json;
using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>Base of the converters that carry a value type as a JSON string and refuse anything else.</summary>
/// <typeparam name="T">The value type.</typeparam>
public abstract class WireStringConverter<T> : JsonConverter<T>
    where T : struct
{
    /// <summary>What the text should have been, for the error message.</summary>
    protected abstract string Expected { get; }

    /// <summary>Parses the text; false when it is not a value.</summary>
    protected abstract bool TryParse(string text, out T value);

    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && TryParse(reader.GetString()!, out var value))
        {
            return value;
        }

        throw new JsonException($"expected {Expected}");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }
}

/// <summary><see cref="Usdc"/> as a decimal string.</summary>
public sealed class UsdcJsonConverter : WireStringConverter<Usdc>
{
    /// <inheritdoc/>
    protected override string Expected => "an amount of USDC as a decimal string with at most 6 places";

    /// <inheritdoc/>
    protected override bool TryParse(string text, out Usdc value) => Usdc.TryParse(text, out value);
}

/// <summary><see cref="Cid"/> as its base32 text.</summary>
public sealed class CidJsonConverter : WireStringConverter<Cid>
{
    /// <inheritdoc/>
    protected override string Expected => "a CIDv1 (base32, raw or dag-pb, sha2-256)";

    /// <inheritdoc/>
    protected override bool TryParse(string text, out Cid value) => Cid.TryParse(text, out value);
}

/// <summary><see cref="EthAddress"/> as 0x and 40 lower-case hex digits.</summary>
public sealed class EthAddressJsonConverter : WireStringConverter<EthAddress>
{
    /// <inheritdoc/>
    protected override string Expected => "an address: 0x and 40 hex digits";

    /// <inheritdoc/>
    protected override bool TryParse(string text, out EthAddress value) => EthAddress.TryParse(text, out value);
}

/// <summary><see cref="EnsName"/> as its text.</summary>
public sealed class EnsNameJsonConverter : WireStringConverter<EnsName>
{
    /// <inheritdoc/>
    protected override string Expected => "an ENS name (strict ASCII, at least two labels)";

    /// <inheritdoc/>
    protected override bool TryParse(string text, out EnsName value) => EnsName.TryParse(text, out value, out _);
}
