using System.Text;
using SwarmPool.Identity;

namespace SwarmPool.Plugins.Ens.Names;

/// <summary>The two codes of a name that contracts take: its node (EIP-137) and its form in DNS (RFC 1035).</summary>
internal static class NameEncoding
{
    /// <summary>The nodes of a name and of all above it, its own first, its last label's last.</summary>
    public static byte[][] NodesToRoot(EnsName name)
    {
        var labels = name.Text.Split('.');
        var nodes = new byte[labels.Length][];
        Span<byte> both = stackalloc byte[2 * Keccak.HashBytes];
        both.Clear();
        for (var i = labels.Length - 1; i >= 0; i--)
        {
            Keccak.Hash(Encoding.ASCII.GetBytes(labels[i]), both[Keccak.HashBytes..]);
            nodes[i] = new byte[Keccak.HashBytes];
            Keccak.Hash(both, nodes[i]);
            nodes[i].CopyTo(both);
        }

        return nodes;
    }

    /// <summary>Each label after its length, and a zero.</summary>
    public static byte[] Dns(EnsName name)
    {
        var labels = name.Text.Split('.');
        var code = new byte[name.Text.Length + 2];
        var at = 0;
        foreach (var label in labels)
        {
            code[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, code.AsSpan(at));
        }

        return code;
    }
}
