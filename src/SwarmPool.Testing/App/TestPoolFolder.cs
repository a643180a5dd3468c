using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Testing.App;

/// <summary>Where a test's pool lives: its names, contents and journal, in a temporary folder that goes with it. Keys are made of names, so they are the same in every run.</summary>
internal sealed class TestPoolFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("swarmpool-test-").FullName;

    public string Names => Path.Combine(Root, "names.json");

    public static string KeyOf(EnsName name) => Convert.ToHexStringLower(Secret(name));

    public void Write(IEnumerable<EnsName> names)
    {
        var listed = names.ToDictionary(static name => name.Text, static name => new { accounts = new[] { AddressOf(name).ToString() } }, StringComparer.Ordinal);
        OwnFile.Write(Names, JsonSerializer.Serialize(new { network = "local", names = listed }));
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static EthAddress AddressOf(EnsName name)
    {
        using var signer = new PrivateKeySigner(Secret(name), SignatureEngines.Best);
        return signer.Address;
    }

    private static byte[] Secret(EnsName name) => SHA256.HashData(Encoding.UTF8.GetBytes($"SwarmPool.Testing {name}"));
}
