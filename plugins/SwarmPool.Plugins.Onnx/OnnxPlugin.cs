using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins.Onnx;

[assembly: SwarmPool.Plugins.SwarmPoolPlugin(typeof(OnnxPlugin))]

namespace SwarmPool.Plugins.Onnx;

/// <summary>Fills the inference backend slot from the plugin's section; see <see cref="OnnxOptions"/> for its keys.</summary>
public sealed class OnnxPlugin : ISwarmPoolPlugin
{
    private static readonly string[] Known =
        [.. typeof(OnnxOptions).GetProperties().Select(static property => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()!.Name)];

    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseOnnx(options => Bind(options, section));

    // A key that nobody reads or a value of the wrong kind is a problem of the options like any other, to be listed with the rest.
    private static void Bind(OnnxOptions options, IConfigurationSection section)
    {
        var problems = section.GetChildren()
            .Select(static child => child.Key)
            .Except(Known, StringComparer.OrdinalIgnoreCase)
            .Select(static key => $"onnx: {key} is no option of the ONNX plugin; there are {string.Join(", ", Known)}.")
            .ToList();
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException fault)
        {
            problems.Add($"onnx: {fault.Message}");
        }

        if (problems.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(OnnxOptions), problems);
        }
    }
}
