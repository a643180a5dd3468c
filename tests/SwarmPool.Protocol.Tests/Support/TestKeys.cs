using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Protocol.Tests.Support;

/// <summary>A key for each name, the same in every run.</summary>
internal static class TestKeys
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<EnsName, PrivateKeySigner> Signers = new();

    public static PrivateKeySigner Of(EnsName name) => Signers.GetOrAdd(
        name, static n => new PrivateKeySigner(SHA256.HashData(Encoding.UTF8.GetBytes("key of " + n)), SignatureEngines.Best));
}
