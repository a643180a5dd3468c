using System.Text;

namespace SwarmPool.Plugins.Redis.Server;

/// <summary>The Lua scripts that this assembly carries. A server is sent a script once, then only its SHA-1.</summary>
internal static class Script
{
    /// <summary>The text of a script, e.g. "Journal.Scripts.append", without its comments: the client library hashes all of it at each call.</summary>
    public static string Read(string name)
    {
        var resource = $"{typeof(RedisPlugin).Namespace}.{name}.lua";
        using var stream = typeof(Script).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"This assembly has no script {resource}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return string.Join('\n', reader.ReadToEnd().Split('\n').Where(static line => !line.StartsWith("--", StringComparison.Ordinal)));
    }
}
