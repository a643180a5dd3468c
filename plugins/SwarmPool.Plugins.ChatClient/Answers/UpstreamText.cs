using System.Text;
using SwarmPool.Plugins.ChatClient.Tokens;

namespace SwarmPool.Plugins.ChatClient.Answers;

/// <summary>
/// An answer as its pieces come: held to the limits, whatever the server makes of them, ended at a stop string, and shown only as far as
/// nothing that comes can take it back. What is no text (half a character, NUL) reads as U+FFFD.
/// </summary>
/// <remarks>
/// Tokens are counted by the tokenizer, when there is one. Without one, a piece has a token at least: servers send one for each token, or
/// for several, so that no honest answer is cut too early.
/// </remarks>
internal sealed class UpstreamText(int mostTokens, int mostBytes, IReadOnlyList<string> stops, TokenCounter? counter)
{
    private readonly StringBuilder written = new();
    private readonly int longestStop = stops.Count == 0 ? 0 : stops.Max(static stop => stop.Length);
    private string? half;
    private int pieces;
    private int countedTokens;
    private int countedBytes;
    private int taken;

    /// <summary>How the text ended, if it did by a limit or a stop string of its own; null: it can go on.</summary>
    public string? Finish { get; private set; }

    /// <summary>Which limit ended it; null for none.</summary>
    public string? Limit { get; private set; }

    public int Bytes { get; private set; }

    public string Text => written.ToString();

    /// <summary>Puts a piece behind the text, as much of it as may be there.</summary>
    public void Add(string piece)
    {
        if (piece.Length == 0 || Finish is not null)
        {
            return;
        }

        pieces++;
        if (counter is null && pieces > mostTokens)
        {
            End("length", "max_tokens");
            return;
        }

        var before = written.Length;
        var whole = half + piece;
        half = char.IsHighSurrogate(whole[^1]) ? whole[^1..] : null;
        Append(half is null ? whole : whole[..^1]);
        EndAtStop(before);
        CutTokens();
    }

    /// <summary>Nothing more comes.</summary>
    public void Complete()
    {
        if (half is not null && Finish is null)
        {
            half = null;
            Append("\uFFFD");
        }

        CutTokens(atEnd: true);
    }

    /// <summary>What was not taken yet and stays: nothing that a stop string may begin with, unless nothing more comes.</summary>
    public string TakeSettled(bool isLast = false)
    {
        var open = written.ToString(taken, written.Length - taken);
        var held = 0;
        foreach (var stop in Finish is null && !isLast ? stops : [])
        {
            for (var part = Math.Min(stop.Length - 1, open.Length); part > held; part--)
            {
                if (open.AsSpan().EndsWith(stop.AsSpan(0, part), StringComparison.Ordinal))
                {
                    held = part;
                }
            }
        }

        taken += open.Length - held;
        return open[..^held];
    }

    private void Append(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var one = rune.Value == 0 ? Rune.ReplacementChar : rune;
            if (Bytes + one.Utf8SequenceLength > mostBytes)
            {
                End("length", "max_output_bytes");
                return;
            }

            Bytes += one.Utf8SequenceLength;
            written.Append(one.ToString());
        }
    }

    private void EndAtStop(int before)
    {
        if (longestStop == 0)
        {
            return;
        }

        // Only what ends in the new piece can be new.
        var from = Math.Max(0, before - longestStop + 1);
        var tail = written.ToString(from, written.Length - from);
        var ends = stops.Select(stop => tail.IndexOf(stop, StringComparison.Ordinal)).Where(static at => at >= 0).ToList();
        if (ends.Count > 0)
        {
            Truncate(from + ends.Min());
            End("stop_string", null);
        }
    }

    // A byte makes one token at most, so as long as fewer bytes came than tokens are left, there is nothing to count.
    private void CutTokens(bool atEnd = false)
    {
        if (counter is null || (!atEnd && Bytes - countedBytes <= mostTokens - countedTokens))
        {
            return;
        }

        var text = Text;
        (countedTokens, countedBytes) = (counter.Count(text), Bytes);
        if (countedTokens > mostTokens)
        {
            // What was shown stays.
            Truncate(Math.Max(taken, counter.Fit(text, mostTokens)));
            End("length", "max_tokens");
        }
    }

    private void Truncate(int length)
    {
        written.Length = length;
        Bytes = Encoding.UTF8.GetByteCount(Text);
    }

    private void End(string finish, string? limit) => (Finish, Limit) = (finish, limit);
}
