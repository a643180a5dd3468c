using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Hostile.Tests.Floods;

/// <summary>The names that a flood has, and their keys: anybody can register some.</summary>
internal static class Mallory
{
    public const int Names = 4;

    public static EnsName Name(int i) => EnsName.Parse(string.Create(CultureInfo.InvariantCulture, $"mallory{i}.eth"));

    public static PrivateKeySigner Signer(int i) => new(SHA256.HashData(Encoding.UTF8.GetBytes(Name(i).Text)), SignatureEngines.Best);
}
