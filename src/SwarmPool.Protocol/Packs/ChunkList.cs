using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Packs;

/// <summary>
/// How a file that is too large for one content is stored: as contents of <see cref="ChunkBytes"/> (the last may be shorter), named in order by a chunk
/// list, <c>{"chunks":["b…",…]}</c> in canonical form, which is a content itself. A list names at most <see cref="MostInList"/>; where that is too few,
/// a list names lists.
/// </summary>
/// <remarks>
/// Pure; thread-safe. The file's size alone says how many levels there are and how many entries each list has, so that no list can lead into a circle,
/// deeper, or further than the file.
/// </remarks>
public static class ChunkList
{
    /// <summary>Bytes of a chunk: 1,048,576.</summary>
    public const int ChunkBytes = 1_048_576;

    /// <summary>The most entries of a list: 4,000, which fit one block.</summary>
    public const int MostInList = 4000;

    /// <summary>The most bytes of a list: those of one block.</summary>
    public const int MaxListBytes = ContentAddress.BlockBytes;

    /// <summary>Levels of lists above a file's chunks: 0 when the file is one content.</summary>
    /// <param name="size">The file's bytes, 0 or more.</param>
    public static int Levels(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var levels = 0;
        for (var count = Chunks(size); count > 1; count = DivideUp(count, MostInList))
        {
            levels++;
        }

        return levels;
    }

    /// <summary>How many chunks a file has; an empty one has one, which is empty.</summary>
    /// <param name="size">The file's bytes, 0 or more.</param>
    public static long Chunks(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return Math.Max(1, DivideUp(size, ChunkBytes));
    }

    /// <summary>Bytes of what one entry stands for, with so many levels of lists below it: all of them full.</summary>
    /// <param name="levels">0 for a chunk.</param>
    public static long BytesBelow(int levels)
    {
        var bytes = (long)ChunkBytes;
        for (var level = 0; level < levels; level++)
        {
            bytes = checked(bytes * MostInList);
        }

        return bytes;
    }

    /// <summary>The canonical bytes of a list.</summary>
    /// <param name="cids">What it names, in order: 1 to <see cref="MostInList"/>.</param>
    public static byte[] Encode(IReadOnlyList<Cid> cids)
    {
        ArgumentNullException.ThrowIfNull(cids);
        if (cids.Count is 0 or > MostInList)
        {
            throw new ArgumentOutOfRangeException(nameof(cids), $"A chunk list names 1 to {MostInList} contents.");
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>(cids.Count * 62 + 16);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("chunks"u8);
            foreach (var cid in cids)
            {
                writer.WriteStringValue(cid.ToString());
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a list.</summary>
    /// <param name="bytes">A stranger's bytes.</param>
    /// <param name="count">How many it has to name.</param>
    /// <param name="cids">What it names.</param>
    /// <param name="refusal">SP5205, and why.</param>
    public static bool TryDecode(
        ReadOnlyMemory<byte> bytes, long count, [NotNullWhen(true)] out IReadOnlyList<Cid>? cids, [NotNullWhen(false)] out Refusal? refusal)
    {
        (cids, var problem) = Read(bytes, count);
        refusal = problem is null ? null : new Refusal(ErrorCodes.PackChunkList, problem);
        return problem is null;
    }

    private static (IReadOnlyList<Cid>? Cids, string? Problem) Read(ReadOnlyMemory<byte> bytes, long count)
    {
        if (bytes.Length > MaxListBytes)
        {
            return (null, $"The chunk list has {bytes.Length} bytes; one has at most {MaxListBytes}.");
        }

        if (!CanonicalJson.IsCanonical(bytes.Span))
        {
            return (null, "The chunk list is not JSON in canonical form.");
        }

        try
        {
            using var document = TextFile.ParseJson(bytes);
            return Read(document.RootElement, count);
        }
        catch (JsonException wrong)
        {
            return (null, $"The chunk list is no text: {wrong.Message}.");
        }
    }

    private static (IReadOnlyList<Cid>? Cids, string? Problem) Read(JsonElement element, long count)
    {
        if (element is not { ValueKind: JsonValueKind.Object } root
            || root.GetPropertyCount() != 1 || !root.TryGetProperty("chunks"u8, out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return (null, "The chunk list is not an object with the one key 'chunks'.");
        }

        if (list.GetArrayLength() != count)
        {
            return (null, $"The chunk list names {list.GetArrayLength()} contents; by the file's size there are {count}.");
        }

        var cids = new List<Cid>((int)count);
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !Cid.TryParse(item.GetString(), out var cid))
            {
                return (null, $"The chunk list's entry {cids.Count} is not a CID.");
            }

            cids.Add(cid);
        }

        return (cids, null);
    }

    private static long DivideUp(long number, long by) => (number + by - 1) / by;
}
