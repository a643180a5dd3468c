using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Names.Delegations;

/// <summary>A delegation in a file: its canonical bytes, as they are signed. It is no secret.</summary>
internal static class DelegationFile
{
    /// <exception cref="SwarmPoolException">SP1206: it can't be read, or is no delegation.</exception>
    public static SignedSnapshot Read(string path)
    {
        var bytes = new byte[DelegationCache.MostBytes + 1];
        try
        {
            using var file = RegularFile.OpenRead(path, followsLinks: true);
            bytes = bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SwarmPoolException(ErrorCodes.DelegationUnusable, $"The delegation file {path} can't be read: {e.Message}", e);
        }

        // An editor may have ended the line.
        bytes = bytes.AsSpan().TrimEnd("\r\n"u8).ToArray();
        var (delegation, refusal) = bytes.Length > DelegationCache.MostBytes
            ? (null, new Refusal(ErrorCodes.ContentTooLarge, $"It has more than {DelegationCache.MostBytes} bytes."))
            : TypedSnapshot.Read<DelegationSnapshot>(bytes, "Its content");
        return delegation?.Signed
            ?? throw new SwarmPoolException(ErrorCodes.DelegationUnusable, $"The file {path} does not hold a delegation. {refusal!.Reason} The program's delegate command makes one.");
    }

    /// <summary>The delegation of a configuration; null when it names none.</summary>
    /// <param name="baseDirectory">What the path is relative to.</param>
    /// <param name="path">The path; null or empty names none.</param>
    public static SignedSnapshot? ReadIfNamed(string baseDirectory, string? path) =>
        string.IsNullOrEmpty(path) ? null : Read(Path.GetFullPath(path, baseDirectory));
}
