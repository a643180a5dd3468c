namespace SwarmPool.Plugins.Embedded.Journal;

/// <summary>Who holds or follows a journal, as one line of a file.</summary>
internal static class OwnerLine
{
    public const int MaxChars = 200;

    public static string OneLine(string text) =>
        string.Concat((text.Length > MaxChars ? text[..MaxChars] : text).Select(c => char.IsControl(c) ? '?' : c));
}
