using System.Text;
using System.Text.RegularExpressions;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Miner;

namespace SwarmPool.Architecture.Tests;

/// <summary>
/// docs/configuration.md lists each key of each program, plugin and job file, with the default that counts. SWARMPOOL_UPDATE=1 rewrites it before it is
/// checked: <c>SWARMPOOL_UPDATE=1 dotnet run -c Release --project tests/SwarmPool.Architecture.Tests -- --filter-class "*ConfigurationDocumentTests"</c>.
/// </summary>
public sealed partial class ConfigurationDocumentTests
{
    private const string Attribute = "[ConfigurationKeyName(\"";

    private static readonly string Document = Path.Combine(SourceTree.Root, "docs", "configuration.md");

    private static readonly IReadOnlyList<SourceFile> Sources = [.. SourceTree.Files("src", ".cs"), .. SourceTree.Files("plugins", ".cs"), .. SourceTree.Files("samples/SwarmPool.Client", ".cs")];

    [Fact]
    public void The_document_lists_what_the_source_says()
    {
        var document = File.ReadAllText(Document);
        var head = document.IndexOf("\n## ", StringComparison.Ordinal) + 1;
        var expected = string.Concat(document.AsSpan(0, head), Tables());
        if (Environment.GetEnvironmentVariable("SWARMPOOL_UPDATE") == "1")
        {
            File.WriteAllText(Document, expected);
            document = expected;
        }

        Assert.Equal(expected, document);
    }

    [Fact]
    public void No_key_of_an_options_class_is_left_out()
    {
        var classes = Sections().Select(static section => section.Options).Where(static file => file.Text.Contains(Attribute, StringComparison.Ordinal)).ToList();
        Assert.Equal(
            Sources.Where(static file => file.Text.Contains(Attribute, StringComparison.Ordinal) && file.Path.EndsWith("Options.cs", StringComparison.Ordinal)).Select(static file => file.Path).Order(StringComparer.Ordinal),
            classes.Select(static file => file.Path).Order(StringComparer.Ordinal));
        Assert.All(classes, static file => Assert.Equal(
            file.Text.Split(Attribute).Length - 1,
            ConfigurationTables.Of(file, []).Count));
    }

    [Theory]
    [InlineData("src/SwarmPool.Runtime/Daemon/DaemonOptions.cs", typeof(DaemonOptions))]
    [InlineData("src/SwarmPool.Runtime/Daemon/CheckOptions.cs", typeof(CheckOptions))]
    [InlineData("src/SwarmPool.Runtime/Miner/MinerOptions.cs", typeof(MinerOptions))]
    [InlineData("src/SwarmPool.Runtime/Client/ClientOptions.cs", typeof(ClientOptions))]
    public void The_defaults_are_those_of_a_new_instance(string path, Type options)
    {
        var instance = Activator.CreateInstance(options)!;
        var listed = ConfigurationTables.Of(Source(path), []);
        Assert.NotEmpty(listed);
        Assert.All(listed.Where(static key => key.Type != "section"), key => // A section has defaults of its own.
        {
            var property = options.GetProperties().Single(property => property.CustomAttributes.Any(attribute => attribute.ConstructorArguments.Any(argument => Equals(argument.Value, key.Key))));
            Assert.Equal(Shown(property.GetValue(instance)), Before().Replace(key.Default, "").Trim('`').Replace(",", "", StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData("16 * 1024 * 1024", 16_777_216L)]
    [InlineData("10L * 1024 * 1024 * 1024", 10_737_418_240L)]
    [InlineData("1_000_000", 1_000_000L)]
    [InlineData("Math.Max(1, 2)", null)]
    public void A_product_is_computed_and_nothing_else(string expression, long? value) => Assert.Equal(value, ConfigurationTables.Product(expression));

    private static string Tables()
    {
        var text = new StringBuilder();
        foreach (var (title, note, options) in Sections())
        {
            var keys = options.Path.EndsWith("Options.cs", StringComparison.Ordinal)
                ? ConfigurationTables.Of(options, SourceTree.Files(Path.GetDirectoryName(options.Path)!, "Check.cs"))
                : ConfigurationTables.OfConstants(options);
            text.Append($"## {title}\n\n{note}\n\n| key | is | range | default | |\n|---|---|---|---|---|\n");
            text.AppendJoin("", keys.Select(static key => $"| `{key.Key}` | {key.Type} | {key.Range} | {key.Default} | {key.Meaning} |\n"));
            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static IEnumerable<(string Title, string Note, SourceFile Options)> Sections() =>
    [
        ("The daemon", "`swarmpool`: top level of `swarmpool.json`.", Source("src/SwarmPool.Runtime/Daemon/DaemonOptions.cs")),
        ("Checks of work", "`swarmpool`: the section `checks` of `swarmpool.json`.", Source("src/SwarmPool.Runtime/Daemon/CheckOptions.cs")),
        ("A miner", "`swarm-miner`: top level of `swarm-miner.json`.", Source("src/SwarmPool.Runtime/Miner/MinerOptions.cs")),
        ("A miner's models", "`swarm-miner`, `mine` and `models`: top level of `swarm-miner.json`.", Source("src/SwarmPool.Runtime/Packs/ModelFolderOptions.cs")),
        ("A client", "`swarm-client`: top level of `swarm-client.json`.", Source("src/SwarmPool.Runtime/Client/ClientOptions.cs")),
        ("The signing key", "Top level of each program's file, with the role's prefix before the key: `operator_key_file` for `swarmpool`, `miner_key_file` for `swarm-miner`, `client_key_file` for `swarm-client`. Exactly one of the sources.", Source("src/SwarmPool.Runtime/Keys/SignerOptions.cs")),
        ("A job file", "`swarm-client submit job.json`.", Source("samples/SwarmPool.Client/Jobs/JobFileKeys.cs")),
        .. SourceTree.Files("plugins", "Options.cs").Where(static file => file.Text.Contains(Attribute, StringComparison.Ordinal)).Select(static file =>
            ($"{Path.GetFileNameWithoutExtension(file.Path)[..^"Options".Length]}", $"Of the plugin `{file.Path.Split('/')[1]}`: {(file.Path.EndsWith("TlsOptions.cs", StringComparison.Ordinal) ? "below its `tls` or `transport_tls`" : "its section under `plugins:use`")}.", file)),
    ];

    private static SourceFile Source(string path) => Sources.Single(file => file.Path == path);

    private static string Shown(object? value) => value switch
    {
        null or System.Collections.ICollection { Count: 0 } => "none",
        "" => "empty",
        bool flag => flag ? "true" : "false",
        BackendProcessUse => ConfigurationTables.Written(value.ToString()!),
        _ => value.ToString()!,
    };

    // "16,777,216 (16 MiB)" is the number.
    [GeneratedRegex(@" \(.*\)$")]
    private static partial Regex Before();
}
