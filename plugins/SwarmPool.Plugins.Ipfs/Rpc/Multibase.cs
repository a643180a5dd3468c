using System.Buffers.Text;
using System.Text;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>Multibase base64url ('u', without padding): how the RPC writes topics and what travels on them.</summary>
internal static class Multibase
{
    public static string Encode(ReadOnlySpan<byte> bytes) => "u" + Base64Url.EncodeToString(bytes);

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    /// <summary>False for another base, or what is not base64url.</summary>
    public static bool TryDecode(string? text, out byte[] bytes)
    {
        bytes = [];
        if (text is not ['u', .. var rest] || !Base64Url.IsValid(rest))
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(rest);
        return true;
    }
}
