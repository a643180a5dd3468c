using System.Text.Json;
using Microsoft.Extensions.Configuration;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Reads a program's configuration: a JSON file, over it the environment, over that what the caller says.</summary>
internal static class ConfigurationFile
{
    private const int MaxBytes = 16 * 1024 * 1024;

    // What the library allows too.
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    public static IConfiguration Read(string fullPath, string? environmentPrefix, IEnumerable<KeyValuePair<string, string?>>? overrides)
    {
        if (!File.Exists(fullPath))
        {
            throw new SwarmPoolException(
                ErrorCodes.ConfigurationMissing,
                $"There is no configuration file {fullPath}. Make one, or name another.");
        }

        var builder = new ConfigurationBuilder().AddJsonFile(fullPath, optional: false, reloadOnChange: false);
        if (environmentPrefix is not null)
        {
            builder.AddEnvironmentVariables(environmentPrefix);
        }

        if (overrides is not null)
        {
            builder.AddInMemoryCollection(overrides);
        }

        try
        {
            // As the library reads it, a byte that is no UTF-8 would be another character, in a password too.
            TextFile.ParseJson(RegularFile.ReadAllBytes(fullPath, MaxBytes, followsLinks: true), Lenient).Dispose();
            return builder.Build();
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or FormatException or JsonException or IOException or UnauthorizedAccessException)
        {
            var cause = unreadable.GetBaseException();
            throw new SwarmPoolException(
                ErrorCodes.ConfigurationInvalid,
                $"The configuration file {fullPath} can't be read: {cause.Message} Fix it and start again.",
                unreadable);
        }
    }
}
