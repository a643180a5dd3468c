namespace SwarmPool.Runtime.Plugins;

/// <summary>
/// The assemblies that a plugin shares with the host, by name; everything else in its folder is its own. The list holds
/// every assembly that these refer to beyond the framework, since sharing one shares those too.
/// </summary>
/// <remarks>
/// Without Hosting.Abstractions and Options here, a plugin's <c>AddHostedService</c> and <c>ValidateOnStart</c> would
/// register types of the plugin's own copies, which the host never looks for: they would be ignored in silence.
/// </remarks>
public static class SharedContracts
{
    /// <summary>The contracts themselves.</summary>
    public const string Contract = "SwarmPool.Abstractions";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        Contract,
        "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.Configuration.Abstractions",
        "Microsoft.Extensions.Configuration.Binder",
        "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Diagnostics.Abstractions",
        "Microsoft.Extensions.FileProviders.Abstractions",
        "Microsoft.Extensions.Hosting.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options",
        "Microsoft.Extensions.Options.ConfigurationExtensions",
        "Microsoft.Extensions.Options.DataAnnotations",
        "Microsoft.Extensions.Primitives",
    ];
}
