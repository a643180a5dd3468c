using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace SwarmPool.Plugins;

/// <summary>Reads options from a section, key by key: a value that can't be read is a problem of the options like any other, to be listed with the rest.</summary>
/// <remarks>Thread-safe; keeps nothing.</remarks>
internal sealed class SectionReader<TOptions>(IConfigurationSection section, Action<IConfiguration, TOptions> bind) : IValidateOptions<TOptions>
    where TOptions : class, new()
{
    /// <summary>Sets what can be read; <see cref="Validate"/> reports the rest.</summary>
    public void Configure(TOptions options) => Read(options);

    public ValidateOptionsResult Validate(string? name, TOptions options) =>
        name == Options.DefaultName && Read(new TOptions()) is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;

    private List<string> Read(TOptions options)
    {
        var problems = new List<string>();
        foreach (var key in section.GetChildren().Select(static child => child.Key))
        {
            try
            {
                bind(new SingleKeySection(section, key), options);
            }
            catch (InvalidOperationException fault)
            {
                problems.Add($"{key}: {fault.Message}");
            }
        }

        return problems;
    }
}
