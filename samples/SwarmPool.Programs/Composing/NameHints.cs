using System.Text.Json;
using Microsoft.Extensions.Configuration;
using SwarmPool.Files;
using SwarmPool.Identity;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Programs.Composing;

/// <summary>
/// What was meant by a name that can't be used, or that the names file doesn't have: hints for people on standard error. Nothing is decided by them.
/// </summary>
public static class NameHints
{
    private const string Embedded = "plugins:use:SwarmPool.Plugins.Embedded";
    private const int MostBytes = 16 * 1024 * 1024;
    private const int MostNames = 10_000;
    private const int MostShown = 5;

    private static readonly string[] Keys = ["pool_ens", "operations_ens", "miner_ens", "client_ens"];

    /// <summary>" Did you mean miner.alice.eth?", or what ENSIP-15 says of the text, with the space before; empty when it says nothing or the text is a name.</summary>
    public static string Of(string typed)
    {
        if (EnsName.TryParse(typed, out _, out _) || EnsForm.Of(typed) is not { } form)
        {
            return "";
        }

        return form.Normalized is null ? $" {form.Problem}"
            : form.Normalized == typed ? ""
            : EnsName.TryParse(form.Normalized, out _, out _) ? $" ENSIP-15 writes it {form.Normalized}. Did you mean that?"
            : $" ENSIP-15 writes it {form.Normalized}, which has letters that names in pools don't have.";
    }

    /// <summary>Shows what can be said of the names that a configuration gives.</summary>
    /// <param name="context">The program's surroundings.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="folder">What its paths are relative to.</param>
    public static void Show(ProgramContext context, IConfiguration configuration, string folder)
    {
        var (file, names) = NamesFile(configuration, folder);
        foreach (var key in Keys)
        {
            if (configuration[key] is { Length: > 0 } text && HintOf(text, names, file) is { Length: > 0 } hint)
            {
                context.Error.Line($"! {key}:{hint}", Tone.Warn, hang: 2);
            }
        }

        foreach (var hint in names.Select(name => (Name: name, Hint: Of(name))).Where(static one => one.Hint.Length > 0).Take(MostShown))
        {
            context.Error.Line($"! {file} has '{hint.Name}':{hint.Hint}", Tone.Warn, hang: 2);
        }
    }

    private static string HintOf(string text, List<string> names, string file) => Of(text) switch
    {
        { Length: > 0 } form => form,
        _ when names.Count == 0 || names.Contains(text) || NearestName.Find(text, names) is not { } near => "",
        _ => $" {Path.GetFileName(file)} has no {text}.{NearestName.Hint(text, names)}",
    };

    // The names that the embedded plugin knows, where the configuration lets it say whose they are. What is wrong with the file it says itself.
    private static (string Path, List<string> Names) NamesFile(IConfiguration configuration, string folder)
    {
        var section = configuration.GetSection(Embedded);
        var slots = section.GetSection("slots").GetChildren().Select(static slot => slot.Value).ToList();
        if (!configuration.GetSection("plugins:use").GetChildren().Any(static used => Embedded.EndsWith(":" + used.Key, StringComparison.OrdinalIgnoreCase))
            || (slots.Count > 0 && !slots.Contains("identity", StringComparer.OrdinalIgnoreCase)))
        {
            return ("", []);
        }

        var path = Path.GetFullPath(section["names"] ?? "names.json", folder);
        try
        {
            using var document = TextFile.ParseJson(RegularFile.ReadAllBytes(path, MostBytes, followsLinks: true));
            return (path, [.. document.RootElement.GetProperty("names").EnumerateObject().Take(MostNames).Select(static one => one.Name)]);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (path, []); // No hint without a list.
        }
    }
}
