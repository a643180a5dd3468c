using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>What has to be known of canonical bytes before a record is chosen for them.</summary>
/// <param name="Type">The snapshot's type.</param>
/// <param name="Signature">Where the <c>sig</c> member stands, one comma included; empty when there is none.</param>
internal readonly record struct SnapshotHeader(string Type, Range Signature)
{
    private const int LongestType = 64;

    /// <summary>Reads the top level of canonical bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> canonical, out SnapshotHeader header, [NotNullWhen(false)] out Refusal? refusal)
    {
        header = default;
        string? type = null;
        string? version = null;
        var signature = default(Range);
        var reader = new Utf8JsonReader(canonical, new JsonReaderOptions { MaxDepth = CanonicalJson.MaxDepth + 1 });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            refusal = new Refusal(ErrorCodes.NotJson, "$ is not an object: a snapshot is one JSON object.");
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            if (reader.ValueTextEquals("type"u8))
            {
                type = Text(ref reader);
            }
            else if (reader.ValueTextEquals("version"u8))
            {
                version = Text(ref reader);
            }
            else if (reader.ValueTextEquals("sig"u8))
            {
                reader.Skip();
                signature = WithComma(canonical, start, (int)reader.BytesConsumed);
            }
            else
            {
                reader.Skip();
            }
        }

        refusal = Judge(type, version);
        header = refusal is null ? new SnapshotHeader(type!, signature) : default;
        return refusal is null;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= LongestType)
        {
            return reader.GetString();
        }

        reader.Skip();
        return "";
    }

    private static Range WithComma(ReadOnlySpan<byte> canonical, int start, int end)
    {
        if (canonical[start - 1] == ',')
        {
            return (start - 1)..end;
        }

        return canonical[end] == ',' ? start..(end + 1) : start..end;
    }

    private static Refusal? Judge(string? type, string? version)
    {
        if (type is null)
        {
            return new Refusal(ErrorCodes.BadField, "$.type is missing: it says what the snapshot is.");
        }

        if (SnapshotSchema.Of(type) is null)
        {
            return new Refusal(ErrorCodes.UnknownType, $"$.type '{JsonPath.Shown(type)}' is no type of this protocol.");
        }

        if (version is null)
        {
            return new Refusal(ErrorCodes.BadField, "$.version is missing: this protocol is \"1.0.0\".");
        }

        return IsVersion1(version)
            ? null
            : new Refusal(ErrorCodes.UnknownVersion, $"$.version '{JsonPath.Shown(version)}' is not understood: this build speaks 1.x, like \"1.0.0\".");
    }

    private static bool IsVersion1(string version)
    {
        var parts = version.Split('.');
        return parts.Length == 3 && parts[0] == "1" && Array.TrueForAll(parts, static part => part.Length is >= 1 and <= 4 && part.All(char.IsAsciiDigit));
    }
}
