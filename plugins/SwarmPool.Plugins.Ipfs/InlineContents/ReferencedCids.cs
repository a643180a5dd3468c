using System.Text;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.InlineContents;

/// <summary>Finds the contents that a message names by CID.</summary>
internal static class ReferencedCids
{
    private const int CidText = 59;

    // What a CIDv1 of a raw block begins with; larger contents have another codec and do not travel.
    private static ReadOnlySpan<byte> RawPrefix => "bafkrei"u8;

    /// <summary>The CIDs, in the order they stand, each once.</summary>
    public static IReadOnlyList<Cid> In(ReadOnlySpan<byte> message)
    {
        var found = new List<Cid>();
        while (message.IndexOf(RawPrefix) is >= 0 and var at && at + CidText <= message.Length)
        {
            if (Cid.TryParse(Encoding.ASCII.GetString(message.Slice(at, CidText)), out var cid))
            {
                if (!found.Contains(cid))
                {
                    found.Add(cid);
                }

                message = message[(at + CidText)..];
            }
            else
            {
                message = message[(at + RawPrefix.Length)..];
            }
        }

        return found;
    }
}
