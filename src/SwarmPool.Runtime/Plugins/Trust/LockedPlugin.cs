using System.Security.Cryptography;
using System.Text;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Plugins.Trust;

/// <summary>A plugin as it was when its operator locked it: every file of its folder, and each file's hash.</summary>
/// <remarks>Immutable.</remarks>
public sealed class LockedPlugin
{
    private readonly SortedDictionary<string, string> files;

    internal LockedPlugin(string name, SortedDictionary<string, string> files)
    {
        Name = name;
        this.files = files;
    }

    /// <summary>Its folder's name.</summary>
    public string Name { get; }

    /// <summary>Each file's SHA-256 (64 lower-case hex digits) by its path in the folder, with '/', in ordinal order.</summary>
    public IReadOnlyDictionary<string, string> Files => files;

    /// <summary>
    /// One hash for the whole folder, for people to compare: the SHA-256 of a line "hash, two spaces, path" a file, each ended by LF,
    /// which is what <c>sha256sum</c> prints for them.
    /// </summary>
    public string Digest
    {
        get
        {
            var text = new StringBuilder();
            foreach (var (path, hash) in files)
            {
                text.Append(hash).Append("  ").Append(path).Append('\n');
            }

            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        }
    }

    /// <summary>Reads a plugin's folder as it is now.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="folder">The folder.</param>
    /// <exception cref="SwarmPoolException">SP1114: the folder has a link or is too large.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static LockedPlugin Of(string name, string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return new(name, PluginFiles.In(name, folder).Hashes());
    }

    /// <summary>In what <paramref name="now"/> differs from this: "changed: X.dll", "added: Y.dll", "gone: Z.json"; empty when in nothing.</summary>
    public IReadOnlyList<string> Differences(LockedPlugin now)
    {
        ArgumentNullException.ThrowIfNull(now);
        return
        [
            .. now.files.Where(file => files.TryGetValue(file.Key, out var locked) && locked != file.Value).Select(file => $"changed: {file.Key}"),
            .. now.files.Keys.Where(path => !files.ContainsKey(path)).Select(path => $"added: {path}"),
            .. files.Keys.Where(path => !now.files.ContainsKey(path)).Select(path => $"gone: {path}"),
        ];
    }
}
