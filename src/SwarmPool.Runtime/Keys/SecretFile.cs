using SwarmPool.Files;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Keys;

/// <summary>Reads and makes small files that hold a secret.</summary>
internal static class SecretFile
{
    private const int MostBytes = 65_536;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads a file that only its owner may read.</summary>
    public static byte[] Read(string path, string what)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
        {
            throw new SwarmPoolException(ErrorCodes.KeyInvalid, $"{path}, for {what}, can be read or written by others than its owner: run chmod 600 {path}.");
        }

        return ReadBounded(path, what);
    }

    /// <summary>As <see cref="Read"/>, a text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is for, for messages.</param>
    /// <param name="code">The error's code when it is no text.</param>
    public static string ReadText(string path, string what, string code)
    {
        try
        {
            return TextFile.Decode(Read(path, what));
        }
        catch (FormatException wrong)
        {
            throw new SwarmPoolException(code, $"{path}, for {what}, can't be used: {wrong.Message}.", wrong);
        }
    }

    /// <summary>Reads a file of at most 64 KiB.</summary>
    public static byte[] ReadBounded(string path, string what)
    {
        try
        {
            using var file = RegularFile.OpenRead(path, followsLinks: true);
            var bytes = new byte[MostBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= MostBytes
                ? bytes[..length]
                : throw new SwarmPoolException(ErrorCodes.KeyInvalid, $"{path}, for {what}, has more than {MostBytes} bytes: it is no key file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SwarmPoolException(ErrorCodes.KeyMissing, $"{path}, for {what}, can't be read: {e.Message}", e);
        }
    }

    /// <summary>Makes a file that only its owner may read; never over another.</summary>
    public static void Create(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = OwnFile.Create(path);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }
}
