using System.Text.Json;

namespace SwarmPool.Core.Pool.Records;

/// <summary>
/// Reads what a restart needs of a record, in one pass that builds nothing of the input and the facts: a daemon waits for
/// this, a million times over.
/// </summary>
internal static class RecordEvents
{
    /// <param name="body">The record's bytes.</param>
    /// <param name="texts">Keeps texts that come again.</param>
    /// <param name="place">The place in the chain that is written in it.</param>
    /// <returns>The record with its events, its <see cref="PoolRecord.Input"/> null.</returns>
    /// <exception cref="JsonException">It is no JSON, or has not the fields of a record.</exception>
    /// <exception cref="FormatException">A field has not its form.</exception>
    public static PoolRecord Read(ReadOnlySpan<byte> body, StringInterner texts, out (long Sequence, byte[] Previous) place)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        long? sequence = null, at = null, commit = null;
        byte[]? previous = null;
        IReadOnlyList<PoolEvent>? events = null;
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("sequence"u8))
            {
                sequence = Number(ref reader);
            }
            else if (reader.ValueTextEquals("at"u8))
            {
                at = Number(ref reader);
            }
            else if (reader.ValueTextEquals("commit"u8))
            {
                commit = Number(ref reader);
            }
            else if (reader.ValueTextEquals("previous"u8))
            {
                reader.Read();
                previous = Convert.FromHexString(reader.ValueSpan);
            }
            else if (reader.ValueTextEquals("events"u8))
            {
                reader.Read();
                events = EventReader.ReadAll(ref reader, texts);
            }
            else
            {
                reader.Skip();
            }
        }

        Require(reader.TokenType == JsonTokenType.EndObject && !reader.Read());
        Require(sequence is not null && at is not null && commit is not null && previous is not null && events is not null);
        place = (sequence!.Value, previous!);
        return new PoolRecord(sequence.Value, at!.Value, commit!.Value, null, PoolFacts.None, events!);
    }

    private static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetInt64();
    }

    private static void Require(bool isSo)
    {
        if (!isSo)
        {
            throw new JsonException("it has not the fields of a record");
        }
    }
}
