using System.Security.Cryptography;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;

namespace SwarmPool.Runtime.Packs;

/// <summary>Compares a folder with a pack: every byte of the pack's files, and that there are no others.</summary>
internal static class PackVerification
{
    private const int BufferBytes = 1024 * 1024;

    public static async Task<IReadOnlyList<Refusal>> RunAsync(ModelPack pack, string folder, IProgress<PackProgress>? progress, CancellationToken cancellationToken)
    {
        var differences = new List<Refusal>();
        var there = PackTree.Read(folder, differences).Select(static file => file.Path).ToHashSet(StringComparer.Ordinal);
        var count = new PackProgressCount(progress, pack.Files.Count, pack.TotalBytes);
        var buffer = new byte[BufferBytes];
        foreach (var file in pack.Files)
        {
            count.Begin(file.Path);
            there.Remove(file.Path);
            if (await DifferenceAsync(file, Path.Combine(folder, file.Path), buffer, count, cancellationToken) is { } what)
            {
                differences.Add(new Refusal(ErrorCodes.PackFileDiffers, $"{file.Path}: {what}."));
            }
        }

        differences.AddRange(there.Order(StringComparer.Ordinal).Select(static path => new Refusal(ErrorCodes.PackFileDiffers, $"{path}: is not the pack's.")));
        return differences;
    }

    private static async Task<string?> DifferenceAsync(PackFile file, string path, byte[] buffer, PackProgressCount count, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = RegularFile.OpenRead(path);
            if (stream.Length != file.Size)
            {
                return $"has {stream.Length} bytes; the pack says {file.Size}";
            }

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
                count.Done(read);
            }

            var actual = Convert.ToHexStringLower(hash.GetHashAndReset());
            return actual == file.Sha256 ? null : $"its SHA-256 is {actual}; the pack says {file.Sha256}";
        }
        catch (FileNotFoundException)
        {
            return "is missing";
        }
        catch (Exception fault) when (PackFaults.IsFiles(fault))
        {
            return $"can't be read: {fault.Message.TrimEnd('.')}";
        }
    }
}
