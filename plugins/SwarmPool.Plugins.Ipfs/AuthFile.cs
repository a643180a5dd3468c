using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs;

/// <summary>Reads what authorizes calls from a file, so that it need not stand in a configuration.</summary>
internal static class AuthFile
{
    private const int MaxBytes = 4096;

    /// <exception cref="TransportException">It can't be read, is too large or empty. The message holds nothing of it.</exception>
    public static string Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Length <= MaxBytes && File.ReadLines(path).FirstOrDefault()?.Trim() is { Length: > 0 } line)
            {
                return line;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TransportException(TransportFault.Unavailable, $"The file {path} ('auth_file') can't be read: {e.Message}", e);
        }

        throw new TransportException(TransportFault.Unavailable, $"The file {path} ('auth_file') has no first line, or more than {MaxBytes} bytes: write bearer:TOKEN or basic:USER:PASSWORD into it.");
    }
}
