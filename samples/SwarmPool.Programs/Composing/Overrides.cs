namespace SwarmPool.Programs.Composing;

/// <summary>What the command line says over the configuration.</summary>
public static class Overrides
{
    /// <summary>Sets a key, when the command line says something of it.</summary>
    public static void Add(IDictionary<string, string?> overrides, string key, string? value)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        if (value is not null)
        {
            overrides[key] = value;
        }
    }
}
