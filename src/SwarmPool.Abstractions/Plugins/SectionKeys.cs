using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace SwarmPool.Plugins;

/// <summary>What may stand in a section: the keys of all options that are read from it, and the slots that it may ask for. The options' name is the section's path.</summary>
internal sealed class SectionKeys
{
    private const string SlotsKey = "slots";

    public IConfigurationSection? Section { get; set; }

    public HashSet<Type> OptionsTypes { get; } = [];

    /// <summary>The slots that the section may list; empty when its plugin fills just one, and there is no such key.</summary>
    public SortedSet<string> SlotNames { get; } = new(StringComparer.Ordinal);

    /// <summary>The slots that a section lists, or the one that it names; none when it leaves that open.</summary>
    public static IReadOnlyList<string> SlotsIn(IConfigurationSection section)
    {
        var listed = section.GetSection(SlotsKey).GetChildren().Select(static slot => slot.Value ?? "").ToArray();
        return listed.Length > 0 ? listed : section[SlotsKey] is { Length: > 0 } one ? [one] : [];
    }

    public IEnumerable<string> Problems()
    {
        if (Section is null)
        {
            yield break;
        }

        foreach (var slot in SlotNames.Count > 0 ? SlotsIn(Section).Where(slot => !SlotNames.Contains(slot)) : [])
        {
            yield return $"{SlotsKey}: '{slot}' is not a slot of this plugin; known are {string.Join(", ", SlotNames)}";
        }

        foreach (var unknown in OptionKeys.UnknownIn(Section, [.. OptionsTypes]).Where(unknown => SlotNames.Count == 0 || !OptionKeys.IsSame(unknown.Key, SlotsKey)))
        {
            yield return $"{unknown.Key}: no such option of {Section.Key}; known are {string.Join(", ", unknown.Known)}";
        }
    }
}

/// <summary>Reports the keys and slots of a section that nobody reads: a misspelt limit would be no limit.</summary>
internal sealed class SectionKeysCheck : IValidateOptions<SectionKeys>
{
    public ValidateOptionsResult Validate(string? name, SectionKeys options) =>
        options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
