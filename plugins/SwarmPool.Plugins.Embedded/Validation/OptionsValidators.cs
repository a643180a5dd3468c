using Microsoft.Extensions.Options;

namespace SwarmPool.Plugins.Embedded.Validation;

/// <summary>Sees that the section holds only known slots and keys.</summary>
internal sealed class EmbeddedOptionsValidator : IValidateOptions<EmbeddedOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbeddedOptions options) => Problems.Result(
    [
        .. options.Slots
            .Where(static slot => !EmbeddedOptions.AllSlots.Contains(slot, StringComparer.Ordinal))
            .Select(static slot => $"slots: '{slot}' is no slot of this plugin; known are {string.Join(", ", EmbeddedOptions.AllSlots)}"),
        .. options.UnknownKeys.Select(static key => $"{key}: no such option of the embedded plugin; see its README for those there are"),
    ]);
}

/// <summary>Sees that a names file is named.</summary>
internal sealed class EmbeddedIdentityOptionsValidator : IValidateOptions<EmbeddedIdentityOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbeddedIdentityOptions options) =>
        Problems.Result([.. Problems.Path("names", options.Names)]);
}

/// <summary>Sees that a journal file is named.</summary>
internal sealed class EmbeddedJournalOptionsValidator : IValidateOptions<EmbeddedJournalOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbeddedJournalOptions options) =>
        Problems.Result([.. Problems.Path("journal", options.Journal)]);
}

/// <summary>What the validators share.</summary>
internal static class Problems
{
    public static ValidateOptionsResult Result(IReadOnlyCollection<string> problems) =>
        problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

    public static IEnumerable<string> Path(string key, string? value) =>
        string.IsNullOrWhiteSpace(value) || value.Contains('\0') ? [$"{key}: a path is missing; name a file or folder"] : [];

    public static IEnumerable<string> Range(string key, long value, long least, long most) =>
        value < least || value > most ? [$"{key}: {value} is out of range; it must be {least} to {most}"] : [];
}
