using System.Buffers;
using System.Globalization;
using System.Text;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>The forms that a field may have. Each answers null, or the refusal that names the field.</summary>
internal static class Field
{
    public const int FreeText = 128;
    public const int Reason = 512;
    public const int Detail = 200;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> JobTypeSet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_./");
    private static readonly SearchValues<char> ModelSet = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:");
    private static readonly SearchValues<char> IdentifierSet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> ReferenceSet = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    public static Refusal? JobType(string path, string value) =>
        value.Length is >= 1 and <= 64 && !value.AsSpan().ContainsAnyExcept(JobTypeSet) ? null : Bad(path, "needs 1 to 64 characters of a-z, 0-9, '-', '_', '.', '/'");

    public static Refusal? Model(string path, string value) =>
        value.Length is >= 1 and <= 128 && !value.AsSpan().ContainsAnyExcept(ModelSet) ? null : Bad(path, "needs 1 to 128 characters of a-z, A-Z, 0-9, '-', '_', '.', '/', ':'");

    public static Refusal? Identifier(string path, string value) =>
        value.Length is >= 1 and <= 64 && !value.AsSpan().ContainsAnyExcept(IdentifierSet) ? null : Bad(path, "needs 1 to 64 characters of a-z, 0-9, '-'");

    /// <summary>"local", or a CAIP-2 chain. It stands in the signing text, so nothing else may get in.</summary>
    public static Refusal? Network(string path, string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        var good = value == "local"
            || (colon is >= 3 and <= 8
                && !value.AsSpan(0, colon).ContainsAnyExcept(IdentifierSet)
                && value.Length - colon - 1 is >= 1 and <= 32
                && !value.AsSpan(colon + 1).ContainsAnyExcept(ReferenceSet));
        return good ? null : Bad(path, "needs to be \"local\" or a CAIP-2 chain like \"eip155:1\"");
    }

    /// <summary>Text for people: bounded, and no control characters, which would reach a terminal.</summary>
    public static Refusal? Text(string path, string value, int most) =>
        value.Length >= 1 && value.Length <= most && !value.Any(char.IsControl) ? null : Bad(path, $"needs 1 to {most} characters and no control characters");

    /// <summary>A stranger's own words, or none: bounded, on one line, and with nothing in them that turns the direction of text.</summary>
    public static Refusal? Line(string path, string? value, int most) =>
        value is null || (value.Length >= 1 && value.Length <= most && !value.EnumerateRunes().Any(Steers))
            ? null
            : Bad(path, $"needs 1 to {most} characters on one line, without control and format characters");

    public static Refusal? Digest(string path, string? value) => LowerHex(path, value, 32);

    public static Refusal? Nonce(string path, string value) => LowerHex(path, value, 16);

    public static Refusal? Root(string path, string value) =>
        value.StartsWith("0x", StringComparison.Ordinal) && LowerHex(path, value[2..], 32) is null ? null : Bad(path, "needs 0x and 64 lower-case hex digits");

    public static Refusal? Range(string path, long? value, long least, long most = CanonicalJson.MaxInteger) =>
        value is null || (value >= least && value <= most) ? null : Bad(path, most == CanonicalJson.MaxInteger ? $"needs to be at least {least}" : $"needs to be {least} to {most}");

    public static Refusal? Count<T>(string path, IReadOnlyList<T> list, int least, int most) =>
        list.Count >= least && list.Count <= most ? null : Bad(path, $"needs {least} to {most} entries, not {list.Count}");

    public static Refusal? OneOf(string path, string value, string first, string? second = null, string? third = null, string? fourth = null) =>
        value == first || (second is not null && value == second) || (third is not null && value == third) || (fourth is not null && value == fourth)
            ? null
            : Bad(path, "needs to be " + string.Join(" or ", new[] { first, second, third, fourth }.Where(static v => v is not null).Select(static v => $"\"{v}\"")));

    /// <summary>A decimal string of at most 24 characters: digits, and up to 9 places.</summary>
    public static Refusal? Decimal(string path, string? value)
    {
        if (value is null)
        {
            return null;
        }

        var dot = value.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? value : value[..dot];
        var places = dot < 0 ? "0" : value[(dot + 1)..];
        return value.Length <= 24 && places.Length <= 9 && IsDigits(whole) && IsDigits(places) ? null : Bad(path, "needs to be a decimal string like \"1.25\", with at most 9 places");
    }

    /// <summary>A stable code: SP and four digits.</summary>
    public static Refusal? Code(string path, string value) =>
        value.Length == 6 && value.StartsWith("SP", StringComparison.Ordinal) && IsDigits(value[2..]) ? null : Bad(path, "needs to be a code like \"SP2011\"");

    /// <summary>Checks each entry of a list; the first that is wrong is the answer.</summary>
    public static Refusal? Each<T>(string path, IReadOnlyList<T> list, Func<string, T, Refusal?> check)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (check($"{path}[{i}]", list[i]) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Refusal? LowerHex(string path, string? value, int bytes) =>
        value is null || (value.Length == bytes * 2 && !value.AsSpan().ContainsAnyExcept(Hex)) ? null : Bad(path, $"needs {bytes * 2} lower-case hex digits");

    private static bool Steers(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsDigits(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static Refusal Bad(string path, string what) => new(ErrorCodes.BadField, $"{path} {what}.");
}
