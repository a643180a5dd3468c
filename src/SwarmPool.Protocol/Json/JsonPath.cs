using System.Globalization;
using System.Text;

namespace SwarmPool.Protocol.Json;

/// <summary>The place of a value, "$.items[3].reason". Keys come from strangers, so what is shown of them is printable and short.</summary>
internal sealed class JsonPath
{
    private const int ShownKey = 64;
    private readonly StringBuilder text = new("$");

    public void Add(ReadOnlySpan<byte> key) => text.Append('.').Append(Shown(key));

    public void Add(int index) => text.Append(CultureInfo.InvariantCulture, $"[{index}]");

    public override string ToString() => text.ToString();

    /// <summary>At most 64 printable ASCII characters of a stranger's text.</summary>
    public static string Shown(ReadOnlySpan<byte> utf8) => Shown(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, ShownKey)]));

    /// <summary>At most 64 printable ASCII characters of a stranger's text.</summary>
    public static string Shown(string text) => string.Create(Math.Min(text.Length, ShownKey), text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = source[i] is >= ' ' and < '\u007f' ? source[i] : '?';
        }
    });
}
