namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>A folder of one test, gone after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("swarmpool-test-").FullName;

    public string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Copies a test plugin here as plugins/<paramref name="plugin"/>.</summary>
    public string CopyPlugin(string plugin)
    {
        var target = Directory.CreateDirectory(Combine("plugins", plugin)).FullName;
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(PluginHost.Folder, plugin)))
        {
            File.Copy(file, System.IO.Path.Combine(target, System.IO.Path.GetFileName(file)));
        }

        return target;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
