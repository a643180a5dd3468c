using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using StackExchange.Redis;

namespace SwarmPool.Plugins.Redis.Server;

/// <summary>A server as most tools and hosts of Redis name it: <c>redis://user:password@host:6379/0</c>, with <c>rediss</c> for TLS.</summary>
internal static class ServerUrl
{
    private const int DefaultPort = 6379;

    public static bool TryParse(string text, [NotNullWhen(true)] out ConfigurationOptions? options)
    {
        options = null;
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("redis" or "rediss") || url.Query.Length > 0 || url.Fragment.Length > 0
            || url.IdnHost.Length == 0 || (url.HostNameType == UriHostNameType.Dns && !ServerList.IsHost(url.IdnHost)) || !TryDatabase(url.AbsolutePath, out var database))
        {
            return false;
        }

        // As Redis's own tools read it: what stands alone before the @ is a user; a password has a colon before it.
        var who = url.UserInfo.Split(':', 2);
        options = new ConfigurationOptions { Ssl = url.Scheme == "rediss", DefaultDatabase = database };
        options.EndPoints.Add(url.IdnHost, url.Port > 0 ? url.Port : DefaultPort);
        if (who[0].Length > 0)
        {
            options.User = Uri.UnescapeDataString(who[0]);
        }

        if (who.Length > 1)
        {
            options.Password = Uri.UnescapeDataString(who[1]);
        }

        return true;
    }

    private static bool TryDatabase(string path, out int? database)
    {
        database = null;
        if (path is "" or "/")
        {
            return true;
        }

        if (!int.TryParse(path.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        database = number;
        return true;
    }
}
