namespace SwarmPool.Programs.Tests.Plugins;

/// <summary>The build outputs of the plugins that the tests add.</summary>
internal static class BuiltPlugins
{
    public const string Good = "TestPlugins.Good";
    public const string Unmarked = "TestPlugins.Unmarked";

    public static string FolderOf(string plugin)
    {
        // The tests run in artifacts/bin/(project)/(configuration); the plugins were built beside them.
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(own.Parent!.Parent!.FullName, plugin, own.Name);
    }
}
