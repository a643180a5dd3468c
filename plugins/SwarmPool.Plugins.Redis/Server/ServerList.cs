using System.Diagnostics.CodeAnalysis;
using System.Net;
using StackExchange.Redis;

namespace SwarmPool.Plugins.Redis.Server;

/// <summary>StackExchange.Redis's own string: servers, then settings.</summary>
internal static class ServerList
{
    /// <summary>
    /// As the library reads it, but what it would take for a server without a doubt that it is one has to look like one, and to stand before all
    /// settings: the rest of a password with a comma in it would be shown as a server's name.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ConfigurationOptions? options)
    {
        options = null;
        if (string.IsNullOrWhiteSpace(text) || text.Split(',').SkipWhile(static part => !part.Contains('=', StringComparison.Ordinal)).Any(static part => !part.Contains('=', StringComparison.Ordinal) && part.Trim().Length > 0))
        {
            return false;
        }

        try
        {
            options = ConfigurationOptions.Parse(text);
            return options.EndPoints.Count > 0 && options.EndPoints.All(static point => point is not DnsEndPoint name || IsHost(name.Host));
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>Whether this may be a host's name.</summary>
    public static bool IsHost(string name) =>
        name is { Length: > 0 and <= 253 } && char.IsLetterOrDigit(name[0]) && name.All(static c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_');
}
