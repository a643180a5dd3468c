using System.Text;
using SwarmPool.Identity;

namespace SwarmPool.Core.Pool.Records;

/// <summary>
/// Texts that come again and again (names, models, job types) kept once: a journal of a million jobs by a thousand clients
/// then leaves a thousand names, and checks each once. Bounded: a text that falls on another's place takes it.
/// </summary>
/// <remarks>Not thread-safe, but for <see cref="None"/>: one a replay.</remarks>
internal sealed class StringInterner
{
    private readonly string?[] texts;
    private readonly EnsName[] names;

    /// <param name="places">A power of two; 0 keeps nothing.</param>
    public StringInterner(int places = 8192) => (texts, names) = (new string?[places], new EnsName[places]);

    /// <summary>Keeps nothing; thread-safe.</summary>
    public static StringInterner None { get; } = new(0);

    public string Text(ReadOnlySpan<byte> utf8)
    {
        if (texts.Length == 0)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref var kept = ref texts[Place(utf8)];
        return kept is not null && Ascii.Equals(utf8, kept) ? kept : kept = Encoding.UTF8.GetString(utf8);
    }

    /// <exception cref="FormatException">The text is no name.</exception>
    public EnsName Name(ReadOnlySpan<byte> utf8)
    {
        if (names.Length == 0)
        {
            return EnsName.Parse(Encoding.UTF8.GetString(utf8));
        }

        ref var kept = ref names[Place(utf8)];
        return Ascii.Equals(utf8, kept.Text) ? kept : kept = EnsName.Parse(Encoding.UTF8.GetString(utf8));
    }

    private int Place(ReadOnlySpan<byte> utf8)
    {
        var hash = default(HashCode);
        hash.AddBytes(utf8);
        return hash.ToHashCode() & (texts.Length - 1);
    }
}
