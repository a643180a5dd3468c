using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;

namespace SwarmPool.Programs.Daemon;

/// <summary>Composes what the configuration file says.</summary>
internal static class DaemonComposition
{
    public const string DefaultFile = "swarmpool.json";

    private const string KeyVariable = "OPERATOR_PRIVATE_KEY";

    public static SwarmPoolBuilder FromFile(ProgramContext context, string? file, IReadOnlyDictionary<string, string?>? overrides = null)
    {
        var path = context.PathOf(file ?? DefaultFile);
        if (!File.Exists(path))
        {
            throw new SwarmPoolException(
                ErrorCodes.ConfigurationMissing,
                $"There is no configuration {path}. 'swarmpool init' makes a working one in the current folder; --config names another.");
        }

        var builder = SwarmPoolBuilder.CreateFromFile(path, overrides: KeyFromEnvironment(context).Concat(overrides ?? new Dictionary<string, string?>()));
        builder.UsePlugins();
        return builder;
    }

    // The environment wins over the file: the key there replaces whatever key the file names.
    private static Dictionary<string, string?> KeyFromEnvironment(ProgramContext context) =>
        context.Environment(KeyVariable) is { Length: > 0 } key
            ? new() { ["operator_private_key"] = key, ["operator_key_file"] = "", ["operator_keystore"] = "" }
            : [];
}
