using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using SwarmPool.State;

namespace SwarmPool.Core.Pool.Records;

/// <summary>
/// Writes journal records: UTF-8 JSON with the fields in this order, so that the same record is always the same bytes. Its
/// buffer serves one record after the other.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class RecordWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new(4096);

    public JournalRecord Write(PoolRecord record, ReadOnlyMemory<byte> previous)
    {
        buffer.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteNumber("sequence", record.Sequence);
        writer.WriteString("previous", Convert.ToHexStringLower(previous.Span));
        writer.WriteNumber("at", record.At);
        writer.WriteNumber("commit", record.Commit);
        writer.WritePropertyName("input");
        WriteInput(writer, record.Input!);
        writer.WritePropertyName("facts");
        JsonSerializer.Serialize(writer, record.Facts, PoolJson.Default.PoolFacts);
        writer.WritePropertyName("events");
        JsonSerializer.Serialize(writer, record.Events, PoolJson.Default.IReadOnlyListPoolEvent);
        writer.WriteEndObject();
        writer.Flush();
        var body = buffer.WrittenSpan.ToArray();
        return new JournalRecord(record.Sequence, previous, SHA256.HashData(body), body);
    }

    private static void WriteInput(Utf8JsonWriter writer, PoolInput input)
    {
        writer.WriteStartObject();
        switch (input)
        {
            case MessageInput message:
                writer.WriteString("kind", "message");
                writer.WritePropertyName("snapshot");
                writer.WriteRawValue(message.Snapshot.Bytes.Span, skipInputValidation: true);
                break;
            case StartedInput started:
                writer.WriteString("kind", "started");
                writer.WriteNumber("term", started.Term);
                writer.WritePropertyName("settings");
                JsonSerializer.Serialize(writer, started.Settings, PoolJson.Default.PoolSettings);
                break;
            case TimeInput:
                writer.WriteString("kind", "time");
                break;
            case ResumedInput:
                writer.WriteString("kind", "resumed");
                break;
            case DrawInput:
                writer.WriteString("kind", "draw");
                break;
            case EpochEndInput:
                writer.WriteString("kind", "epoch_end");
                break;
            case SettledInput settled:
                writer.WriteString("kind", "settled");
                writer.WriteNumber("epoch", settled.Epoch);
                break;
            case SealedInput sealed_:
                writer.WriteString("kind", "sealed");
                writer.WriteNumber("epoch", sealed_.Epoch);
                writer.WriteString("cid", sealed_.Cid.ToString());
                break;
            default:
                throw new InvalidOperationException($"The input {input.GetType().Name} has no journal form.");
        }

        writer.WriteEndObject();
    }
}
