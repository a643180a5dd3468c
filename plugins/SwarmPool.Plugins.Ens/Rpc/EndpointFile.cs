using Microsoft.Extensions.Options;

namespace SwarmPool.Plugins.Ens.Rpc;

/// <summary>Reads addresses from a file, so that those with a key in them need not stand in a configuration.</summary>
internal static class EndpointFile
{
    private const int MaxBytes = 16 * 1024;

    /// <summary>Adds the file's addresses to those that the options name; validation sees them all.</summary>
    /// <exception cref="OptionsValidationException">It can't be read or is too large. The message holds nothing of it.</exception>
    public static void AddTo(EnsOptions options, string baseDirectory)
    {
        if (string.IsNullOrWhiteSpace(options.EndpointsFile))
        {
            return;
        }

        var path = Path.GetFullPath(options.EndpointsFile, baseDirectory);
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw Problem($"endpoints_file: {path} has more than {MaxBytes} bytes; write one address a line, at most {EnsOptionsCheck.MaxEndpoints}");
            }

            foreach (var line in File.ReadLines(path).Where(static line => !string.IsNullOrWhiteSpace(line)))
            {
                options.Endpoints.Add(line.Trim());
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Problem($"endpoints_file: {path} can't be read: {e.Message}");
        }
    }

    private static OptionsValidationException Problem(string problem) =>
        new(Options.DefaultName, typeof(EnsOptions), [problem]);
}
