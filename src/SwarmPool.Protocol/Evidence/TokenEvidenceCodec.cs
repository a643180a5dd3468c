using System.Diagnostics.CodeAnalysis;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Protocol.Evidence;

/// <summary>
/// The bytes of a <see cref="TokenEvidence"/>: four of ASCII, <c>SPE1</c>; then frames, each its length and as many bytes: the head, and a page for each
/// 32 positions. docs/protocol.md has the form.
/// </summary>
/// <remarks>Pure; thread-safe. One value has one form: what is not that form is refused, so that the CID of an evidence is the only one.</remarks>
public static class TokenEvidenceCodec
{
    /// <summary>The most bytes of an evidence: 16 MiB, some 200,000 tokens.</summary>
    public const int MaxBytes = 1 << 24;

    /// <summary>The most tokens of a prompt, and of an answer: 1,048,576.</summary>
    public const int MaxTokens = 1 << 20;

    internal const uint MostLogSum = 1u << 30;

    internal static ReadOnlySpan<byte> Magic => "SPE1"u8;

    /// <summary>The bytes.</summary>
    /// <exception cref="ArgumentException">It is none that can be written, or has more than <see cref="MaxBytes"/>; the message says why.</exception>
    public static byte[] Encode(TokenEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (TokenEvidenceForm.ProblemOf(evidence) is { } problem)
        {
            throw new ArgumentException(problem, nameof(evidence));
        }

        var bytes = TokenEvidenceWriter.Write(evidence);
        return bytes.Length <= MaxBytes ? bytes : throw new ArgumentException(TooLarge(bytes.Length), nameof(evidence));
    }

    /// <summary>Reads an evidence.</summary>
    /// <param name="bytes">A stranger's bytes.</param>
    /// <param name="evidence">What they say.</param>
    /// <param name="refusal">SP2440, and why.</param>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TokenEvidence? evidence, [NotNullWhen(false)] out Refusal? refusal)
    {
        (evidence, refusal) = (null, null);
        var problem = bytes.Length > MaxBytes ? TooLarge(bytes.Length) : TokenEvidenceReader.Read(bytes, out evidence);
        if (evidence is not null && (problem = TokenEvidenceForm.ProblemOf(evidence)) is null)
        {
            return true;
        }

        (evidence, refusal) = (null, new Refusal(ErrorCodes.EvidenceInvalid, problem!));
        return false;
    }

    private static string TooLarge(int length) => $"The evidence has {length} bytes; one has at most {MaxBytes}.";
}
