using System.Security.Cryptography;
using System.Text;
using SwarmPool.Files;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Content;

/// <summary>Pointers as files: named by the SHA-256 of the pointer, holding the pointer and its CID, a line each.</summary>
internal sealed class PointerFolder(string folder)
{
    private const int MaxPointerChars = 512;
    private const int MaxFileBytes = 4096;

    public async ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken)
    {
        var path = PathOf(pointer);
        if (cid.IsEmpty)
        {
            throw new ArgumentException("A pointer points at a CID.", nameof(cid));
        }

        try
        {
            await OwnFile.WriteSharedAsync(path, Encoding.UTF8.GetBytes($"{pointer}\n{cid}\n"), isDurable: true, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TransportException(TransportFault.Unavailable, $"The pointer {pointer} can't be set in {folder}: {fault.Message}", fault);
        }
    }

    public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = PathOf(pointer);
        try
        {
            var lines = Encoding.UTF8.GetString(RegularFile.ReadAllBytes(path, MaxFileBytes)).Split('\n');
            return new(lines.Length > 1 && lines[0] == pointer && Cid.TryParse(lines[1], out var cid) ? cid : null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // "Unknown" is null by contract; the pointer is only a hint.
            return new((Cid?)null);
        }
    }

    private string PathOf(string pointer)
    {
        ArgumentException.ThrowIfNullOrEmpty(pointer);
        if (pointer.Length > MaxPointerChars || pointer.Any(char.IsControl))
        {
            throw new ArgumentException($"A pointer has 1 to {MaxPointerChars} characters and no control characters.", nameof(pointer));
        }

        return Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(pointer))));
    }
}
