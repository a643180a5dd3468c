namespace SwarmPool.Programs.Terminals;

/// <summary>Breaks lines between words only: a CID or a path that is longer than the line stays whole, so that it can be copied.</summary>
internal static class WordWrap
{
    /// <param name="text">One line.</param>
    /// <param name="width">Columns; the first line may have all of them.</param>
    /// <param name="hang">How far the lines after the first are indented.</param>
    public static IEnumerable<string> Lines(string text, int width, int hang)
    {
        while (text.Length > width)
        {
            var head = text.Length - text.TrimStart(' ').Length;
            var cut = text.LastIndexOf(' ', width);
            if (cut <= head)
            {
                cut = text.IndexOf(' ', Math.Min(Math.Max(width, head), text.Length - 1));
            }

            if (cut < 0)
            {
                break;
            }

            yield return text[..cut].TrimEnd(' ');
            text = new string(' ', hang) + text[cut..].TrimStart(' ');
        }

        yield return text;
    }
}
