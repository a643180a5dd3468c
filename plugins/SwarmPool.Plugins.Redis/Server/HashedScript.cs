using System.Security.Cryptography;
using System.Text;

namespace SwarmPool.Plugins.Redis.Server;

/// <summary>A script with the name that servers know it by, so that its text is not hashed at each call.</summary>
internal sealed class HashedScript(string text)
{
    public string Text { get; } = text;

#pragma warning disable CA5350 // SHA-1 is the server's name for a script, and protects nothing.
    public byte[] Sha { get; } = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
}
