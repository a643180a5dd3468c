namespace SwarmPool.EnsChain;

/// <summary>The folder with the node's packages and the contracts' sources.</summary>
public static class ChainFolder
{
    private const string Folder = "tests/ens-chain";

    /// <summary>Its path.</summary>
    public static string Path { get; } = Find();

    /// <summary>The path of a file of an installed package.</summary>
    public static string Package(string path)
    {
        var file = System.IO.Path.Combine(Path, "node_modules", path);
        return File.Exists(file)
            ? file
            : throw new InvalidOperationException($"The test chain's packages are not installed: run ./test.sh or eng/ens-chain.sh");
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, Folder, "package.json")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} lies in no checkout of the repository.");
        }

        return System.IO.Path.Combine(folder.FullName, Folder);
    }
}
