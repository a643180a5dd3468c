using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using SwarmPool.Snapshots;

namespace SwarmPool.Identity;

/// <summary>
/// An ENS name in the strict ASCII subset that needs no normalization (ENSIP-15): labels of
/// <c>^_*[a-z0-9$-]+$</c>, 1 to 63 characters, no "--" at positions 3 and 4, at least two labels, 255 characters in all.
/// </summary>
/// <remarks>Immutable; compares by ordinal text. <c>default</c> is no name: its text is empty.</remarks>
[JsonConverter(typeof(EnsNameJsonConverter))]
public readonly record struct EnsName : IComparable<EnsName>
{
    private readonly string? text;

    private EnsName(string text) => this.text = text;

    /// <summary>The name, e.g. "miner.alice.eth"; empty for <c>default</c>.</summary>
    public string Text => text ?? "";

    /// <summary>Reads a name; on false <paramref name="reason"/> says what is wrong with it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EnsName name, [NotNullWhen(false)] out string? reason)
    {
        name = default;
        reason = Check(text);
        if (reason is not null)
        {
            return false;
        }

        name = new EnsName(text!);
        return true;
    }

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">The text is not a name of the strict subset; the message says why.</exception>
    public static EnsName Parse(string text) =>
        TryParse(text, out var name, out var reason) ? name : throw new FormatException(reason);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <inheritdoc/>
    public int CompareTo(EnsName other) => string.CompareOrdinal(Text, other.Text);

    private static string? Check(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "a name is missing";
        }

        if (text.Length > 255)
        {
            return "a name has at most 255 characters";
        }

        var labels = 0;
        foreach (var range in text.AsSpan().Split('.'))
        {
            labels++;
            if (CheckLabel(text.AsSpan()[range]) is { } reason)
            {
                return $"'{Shown(text)}' is not a usable name: {reason}";
            }
        }

        return labels >= 2 ? null : $"'{Shown(text)}' is not a usable name: it needs at least two labels, like alice.eth";
    }

    private static string? CheckLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > 63)
        {
            return "each label has 1 to 63 characters";
        }

        if (label.Length >= 4 && label[2] == '-' && label[3] == '-')
        {
            return "'--' may not stand at positions 3 and 4 of a label";
        }

        var body = label.TrimStart('_');
        return body.Length > 0 && body.IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789$-") < 0
            ? null
            : "labels take a-z, 0-9, $ and -, with _ only at their beginning";
    }

    private static string Shown(string text)
    {
        var head = text.Length > 64 ? text[..64] : text;
        return string.Create(head.Length, head, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = source[i] is >= ' ' and < '\u007f' ? source[i] : '?';
            }
        });
    }
}
