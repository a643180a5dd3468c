using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;

namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>Builders over the test plugins that the build put into plugins/ beside the tests.</summary>
internal static class PluginHost
{
    public const string Good = "TestPlugins.Good";
    public const string Throwing = "TestPlugins.Throwing";
    public const string Unmarked = "TestPlugins.Unmarked";
    public const string TakenSlot = "TestPlugins.TakenSlot";

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "plugins");

    /// <summary>A builder whose configuration is this JSON text; relative paths are relative to <paramref name="baseDirectory"/>.</summary>
    public static SwarmPoolBuilder Builder(string json, string? baseDirectory = null) =>
        SwarmPoolBuilder.Create(
            new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json))).Build(),
            baseDirectory ?? Path.GetTempPath());

    public static SwarmPoolBuilder Using(params string[] plugins) => Builder(Use(plugins));

    /// <summary>The configuration that uses these plugins, each with an empty section.</summary>
    public static string Use(params string[] plugins) =>
        $$"""{ "plugins": { "use": { {{string.Join(", ", plugins.Select(plugin => $"\"{plugin}\": {{}}"))}} } } }""";

    /// <summary>A host, not started, of what this configuration uses.</summary>
    public static IHost Composed(string json)
    {
        var builder = Builder(json);
        builder.UsePlugins(new PluginCatalog());
        return builder.Build();
    }

    public static IReadOnlyList<string> Problems(SwarmPoolBuilder builder) =>
        StartupErrors.Describe(Assert.Throws<SwarmPoolException>(() => builder.UsePlugins(new PluginCatalog())));
}
