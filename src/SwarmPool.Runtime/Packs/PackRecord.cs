using System.Buffers;
using System.Text;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Packs;

/// <summary>The file beside the models folder that says which pack a folder in it is: <c>{"folder":"…","manifest":{…},"own":false}</c>.</summary>
internal static class PackRecord
{
    public const string Extension = ".json";

    private const int MaxBytes = ModelPackCodec.MaxBytes + 1024;

    /// <summary>Writes it, whole or not at all.</summary>
    public static void Write(string path, string folderName, ReadOnlyMemory<byte> manifest, bool isOwn)
    {
        var buffer = new ArrayBufferWriter<byte>(manifest.Length + 256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("folder", folderName);
            writer.WritePropertyName("manifest");
            writer.WriteRawValue(manifest.Span, skipInputValidation: true);
            writer.WriteBoolean("own", isOwn);
            writer.WriteEndObject();
        }

        OwnFile.Write(path, buffer.WrittenSpan);
    }

    /// <summary>Reads one. Its manifest is not believed: it has to have the CID that the file is named by.</summary>
    /// <exception cref="SwarmPoolException">SP5209: it is damaged.</exception>
    public static LocalPack Read(string path, string models)
    {
        try
        {
            using var document = TextFile.ParseJson(RegularFile.ReadAllBytes(path, MaxBytes));
            var root = document.RootElement;
            var manifest = Encoding.UTF8.GetBytes(root.GetProperty("manifest").GetRawText());
            var name = root.GetProperty("folder").GetString()!;
            if (Cid.TryParse(Path.GetFileNameWithoutExtension(path), out var cid)
                && ContentAddress.Matches(cid, manifest)
                && ModelPackCodec.TryDecode(manifest, out var pack, out _)
                && Path.GetFileName(name) == name && name is not ("" or "." or ".."))
            {
                return new LocalPack(cid, pack, Path.Combine(models, name), root.GetProperty("own").GetBoolean());
            }
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Damaged(path, fault);
        }
        catch (Exception fault) when (PackFaults.IsFiles(fault))
        {
            throw PackFaults.Folder(path, fault);
        }

        throw Damaged(path, null);
    }

    private static SwarmPoolException Damaged(string path, Exception? fault) => new(
        ErrorCodes.PackFolderUnusable, $"{path} is damaged: delete it, and pull or add the model again; its files are found and checked then.", fault);
}
