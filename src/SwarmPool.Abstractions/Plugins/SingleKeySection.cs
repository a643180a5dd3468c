using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace SwarmPool.Plugins;

/// <summary>A section as if it had no key but one.</summary>
internal sealed class SingleKeySection(IConfigurationSection section, string key) : IConfigurationSection
{
    public string Key => section.Key;

    public string Path => section.Path;

    public string? Value
    {
        get => null;
        set => throw ReadOnly();
    }

    public string? this[string name]
    {
        get => IsKey(name) ? section[name] : null;
        set => throw ReadOnly();
    }

    public IConfigurationSection GetSection(string name) => IsKey(name) ? section.GetSection(name) : new EmptySection(name, $"{section.Path}:{name}");

    public IEnumerable<IConfigurationSection> GetChildren() => [section.GetSection(key)];

    public IChangeToken GetReloadToken() => section.GetReloadToken();

    private bool IsKey(string name) =>
        name.StartsWith(key, StringComparison.OrdinalIgnoreCase) && (name.Length == key.Length || name[key.Length] == ConfigurationPath.KeyDelimiter[0]);

    private static NotSupportedException ReadOnly() => new("Options are read from this section; nothing is written to it.");

    private sealed class EmptySection(string key, string path) : IConfigurationSection
    {
        public string Key => key;

        public string Path => path;

        public string? Value
        {
            get => null;
            set => throw ReadOnly();
        }

        public string? this[string name]
        {
            get => null;
            set => throw ReadOnly();
        }

        public IConfigurationSection GetSection(string name) => new EmptySection(name, $"{path}:{name}");

        public IEnumerable<IConfigurationSection> GetChildren() => [];

        public IChangeToken GetReloadToken() => new CancellationChangeToken(CancellationToken.None);
    }
}
