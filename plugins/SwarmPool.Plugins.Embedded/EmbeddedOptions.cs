using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins.Embedded;

/// <summary>Which slots the plugin fills, and what its section says that nobody reads.</summary>
internal sealed class EmbeddedOptions
{
    public const string Transport = "transport";
    public const string Identity = "identity";
    public const string Journal = "journal";

    public static readonly string[] AllSlots = [Transport, Identity, Journal];

    public IReadOnlyList<string> Slots { get; set; } = AllSlots;

    public IReadOnlyList<string> UnknownKeys { get; set; } = [];

    /// <summary>The slots that a section names; all when it names none.</summary>
    public static string[] SlotsOf(IConfigurationSection section)
    {
        var named = section.GetSection("slots").GetChildren().Select(static slot => slot.Value ?? "").ToArray();
        return named.Length > 0 ? named : section["slots"] is { Length: > 0 } one ? [one] : AllSlots;
    }
}
