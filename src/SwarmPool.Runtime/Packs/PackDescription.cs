using System.Buffers;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;
using SwarmPool.Protocol.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Packs;

/// <summary>What a folder's <c>pack.json</c> says of the pack: all that is not in the files themselves. Without one the name is the folder's.</summary>
internal sealed class PackDescription
{
    private const int MaxBytes = 256 * 1024;

    private static readonly string[] Made = ["type", "version", "files"];
    private static readonly Cid AnyCid = Cid.OfBlock([]);
    private static readonly string AnySha256 = new('0', 64);

    private readonly byte[] members;
    private readonly string otherwiseName;

    private PackDescription(byte[] members, string otherwiseName) => (this.members, this.otherwiseName) = (members, otherwiseName);

    /// <summary>Reads it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="problems">What is wrong with it.</param>
    /// <returns>Null when problems were added.</returns>
    public static PackDescription? Read(string folder, List<Refusal> problems)
    {
        var path = Path.Combine(folder, PackTree.Description);
        byte[] bytes;
        try
        {
            bytes = RegularFile.ReadAllBytes(path, MaxBytes);
        }
        catch (FileNotFoundException)
        {
            bytes = "{}"u8.ToArray();
        }
        catch (Exception fault) when (PackFaults.IsFiles(fault))
        {
            problems.Add(new Refusal(ErrorCodes.PackFolderUnusable, fault.Message));
            return null;
        }

        if (!CanonicalJson.TryCanonicalize(bytes, out var canonical, out var refusal))
        {
            problems.Add(refusal with { Reason = $"{path}: {refusal.Reason}" });
            return null;
        }

        return Check(path, canonical, problems) ? new PackDescription(canonical, Path.GetFileName(folder)) : null;
    }

    /// <summary>What will be wrong with the pack whatever the files hold, before a byte of them is read.</summary>
    public IReadOnlyList<Refusal> Problems(IEnumerable<(string Path, string FullPath, long Length)> files)
    {
        ModelPackCodec.TryDecode(Write([.. files.Select(static file => new PackFile(file.Path, AnyCid, file.Length, AnySha256))]), out _, out var refusals);
        return refusals;
    }

    /// <summary>The pack's canonical bytes.</summary>
    public byte[] Write(IReadOnlyList<PackFile> files)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        using (var document = TextFile.ParseJson(members))
        {
            writer.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                member.WriteTo(writer);
            }

            if (!document.RootElement.TryGetProperty("name", out _))
            {
                writer.WriteString("name", otherwiseName);
            }

            writer.WriteString("type", ModelPackCodec.PackType);
            writer.WriteString("version", ModelPackCodec.PackVersion);
            PackWriter.WriteFiles(writer, files);
            writer.WriteEndObject();
        }

        return CanonicalJson.TryCanonicalize(buffer.WrittenSpan, out var canonical, out var refusal) ? canonical : throw PackFaults.Of(refusal);
    }

    private static bool Check(string path, byte[] canonical, List<Refusal> problems)
    {
        JsonDocument document;
        try
        {
            document = TextFile.ParseJson(canonical);
        }
        catch (JsonException wrong)
        {
            problems.Add(new Refusal(ErrorCodes.BadUtf8, $"{path}: {wrong.Message}."));
            return false;
        }

        using var read = document;
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new Refusal(ErrorCodes.NotJson, $"{path}: is not a JSON object."));
            return false;
        }

        foreach (var key in Made.Where(key => document.RootElement.TryGetProperty(key, out _)))
        {
            problems.Add(new Refusal(ErrorCodes.BadField, $"{path}: $.{key} is made of the folder; take it out."));
        }

        return problems.Count == 0;
    }
}
