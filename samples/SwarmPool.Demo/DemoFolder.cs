using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmPool.Files;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Keys;

namespace SwarmPool.Demo;

/// <summary>
/// Where the demo's pool lives: names, blocks and journal. A given folder is left for anyone to check; without one a
/// temporary folder is used and removed.
/// </summary>
internal sealed class DemoFolder : IDisposable
{
    private readonly bool keep;

    public DemoFolder(string? path)
    {
        keep = path is not null;
        Root = System.IO.Path.GetFullPath(path ?? Directory.CreateTempSubdirectory("swarmpool-demo-").FullName);
        if (keep && Directory.Exists(Root) && Directory.EnumerateFileSystemEntries(Root).Any())
        {
            throw new IOException($"The folder {Root} is not empty; name a new one, so that all in it comes from one run.");
        }

        OwnFile.CreateFolder(Root);
    }

    public string Root { get; }

    /// <summary>New keys for the names, and the names file that says so.</summary>
    public Dictionary<EnsName, PrivateKeySigner> MakeNames(IEnumerable<EnsName> names)
    {
        var signers = names.ToDictionary(name => name, _ => new PrivateKeySigner(PrivateKeys.Generate(), SignatureEngines.Best));
        var listed = new JsonObject();
        foreach (var (name, signer) in signers)
        {
            listed[name.Text] = new JsonObject { ["accounts"] = new JsonArray(signer.Address.ToString()) };
        }

        var file = new JsonObject { ["network"] = "local", ["names"] = listed };
        OwnFile.Write(System.IO.Path.Combine(Root, "names.json"), file.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        return signers;
    }

    public void Dispose()
    {
        if (!keep)
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
