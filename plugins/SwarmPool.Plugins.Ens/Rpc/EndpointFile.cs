using Microsoft.Extensions.Options;

namespace SwarmPool.Plugins.Ens.Rpc;

/// <summary>Reads addresses from a file, so that those with a key in them need not stand in a configuration.</summary>
internal static class EndpointFile
{
    /// <summary>Adds the file's addresses to those that the options name; validation sees them all.</summary>
    /// <exception cref="OptionsValidationException">It can't be read, is too large or empty. The message holds nothing of it.</exception>
    public static void AddTo(EnsOptions options, string baseDirectory)
    {
        if (string.IsNullOrWhiteSpace(options.EndpointsFile))
        {
            return;
        }

        try
        {
            foreach (var address in SettingFile.Lines(Path.GetFullPath(options.EndpointsFile, baseDirectory), "endpoints_file"))
            {
                options.Endpoints.Add(address);
            }
        }
        catch (IOException e)
        {
            throw new OptionsValidationException(
                Options.DefaultName, typeof(EnsOptions), [$"endpoints_file: {e.Message} Write one address a line, at most {EnsOptionsCheck.MaxEndpoints}."]);
        }
    }
}
