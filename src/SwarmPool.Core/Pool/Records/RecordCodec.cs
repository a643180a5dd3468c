using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool.Records;

/// <summary>Journal records as bytes, and back. How they are written is <see cref="RecordWriter"/>'s.</summary>
internal static class RecordCodec
{
    /// <summary>A record by itself; for many, one <see cref="RecordWriter"/>.</summary>
    public static JournalRecord Encode(PoolRecord record, ReadOnlyMemory<byte> previous) => new RecordWriter().Write(record, previous);

    /// <summary>Reads a record back.</summary>
    /// <param name="stored">The record as the journal gave it.</param>
    /// <param name="withInput">False leaves <see cref="PoolRecord.Input"/> null: a restart needs events only.</param>
    /// <param name="texts">Keeps texts that come again in the records after; null for a record by itself.</param>
    /// <exception cref="SwarmPoolException">The bytes are no record, or its hash or place is wrong (SP4003).</exception>
    public static PoolRecord Decode(JournalRecord stored, bool withInput, StringInterner? texts = null)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(stored.Body.Span, hash);
        if (!hash.SequenceEqual(stored.Hash.Span))
        {
            throw Damaged(stored, "it does not match its hash", null);
        }

        try
        {
            texts ??= StringInterner.None;
            return withInput ? DecodeAll(stored, texts) : DecodeEvents(stored, texts);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw Damaged(stored, e.Message, e);
        }
    }

    private static PoolRecord DecodeEvents(JournalRecord stored, StringInterner texts)
    {
        var record = RecordEvents.Read(stored.Body.Span, texts, out var place);
        CheckPlace(stored, place.Sequence, place.Previous);
        return record;
    }

    private static PoolRecord DecodeAll(JournalRecord stored, StringInterner texts)
    {
        using var document = JsonDocument.Parse(stored.Body, new JsonDocumentOptions { MaxDepth = 64 });
        var root = document.RootElement;
        CheckPlace(stored, root.GetProperty("sequence").GetInt64(), Convert.FromHexString(root.GetProperty("previous").GetString()!));
        return new PoolRecord(
            stored.Sequence,
            root.GetProperty("at").GetInt64(),
            root.GetProperty("commit").GetInt64(),
            ReadInput(root.GetProperty("input")),
            root.GetProperty("facts").Deserialize(PoolJson.Default.PoolFacts) ?? throw new FormatException("its facts are null"),
            ReadEvents(root.GetProperty("events"), texts));
    }

    private static IReadOnlyList<PoolEvent> ReadEvents(JsonElement events, StringInterner texts)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(events));
        reader.Read();
        return EventReader.ReadAll(ref reader, texts);
    }

    private static void CheckPlace(JournalRecord stored, long sequence, ReadOnlySpan<byte> previous)
    {
        if (sequence != stored.Sequence || !previous.SequenceEqual(stored.Previous.Span))
        {
            throw Damaged(stored, "its place in the chain is not the one written in it", null);
        }
    }

    private static PoolInput ReadInput(JsonElement input) => input.GetProperty("kind").GetString() switch
    {
        "message" => new MessageInput(ReadSnapshot(input.GetProperty("snapshot"))),
        "started" => new StartedInput(
            input.GetProperty("term").GetInt64(), input.GetProperty("settings").Deserialize(PoolJson.Default.PoolSettings) ?? throw new FormatException("its settings are null")),
        "time" => new TimeInput(),
        "resumed" => new ResumedInput(),
        "draw" => new DrawInput(),
        "epoch_end" => new EpochEndInput(),
        "settled" => new SettledInput(input.GetProperty("epoch").GetInt64()),
        "sealed" => new SealedInput(input.GetProperty("epoch").GetInt64(), Cid.Parse(input.GetProperty("cid").GetString()!)),
        var kind => throw new FormatException($"the input kind '{kind}' is not known"),
    };

    private static SignedSnapshot ReadSnapshot(JsonElement element)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(element.GetRawText());
        return SnapshotCodec.TryDecode(bytes, out var snapshot, out var refusal)
            ? snapshot
            : throw new FormatException($"the recorded snapshot does not decode: {refusal}");
    }

    private static SwarmPoolException Damaged(JournalRecord stored, string what, Exception? inner) => new(
        ErrorCodes.JournalDamaged,
        string.Create(CultureInfo.InvariantCulture, $"Record {stored.Sequence} of the journal is damaged: {what}. Restore the journal from a backup."),
        inner);
}

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
