using System.Globalization;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>Needs, offers and counts of both, in words for people.</summary>
internal static class NeedsText
{
    private const long Mebibyte = 1 << 20;
    private const long Gibibyte = 1 << 30;
    private const long Gigabyte = 1_000_000_000;

    /// <summary>"24 GiB of memory, the device cuda".</summary>
    public static string Of(JobNeeds needs) => Listed(
        needs.MemoryBytes, needs.ContextTokens, needs.Device, needs.Precision, needs.Runtime, needs.OutputTokens is { } tokens ? $"{Number(tokens)} tokens of answer" : null);

    /// <summary>The same of an offer; "nothing" where it says none of that.</summary>
    public static string Of(ModelOffer? offer) => Listed(offer?.MemoryBytes, offer?.ContextTokens, offer?.Device, offer?.Precision, offer?.Runtime, null);

    /// <summary>Why so few can do a job: "3 have the model, 0 have 24 GiB, 2 ask more than 0.02".</summary>
    public static string Of(JobMatch match, JobNeeds? needs, Usdc price)
    {
        var parts = new List<string> { $"{match.Have} {Have(match.Have)} the model" };
        if (match.Memory is { } memory && needs?.MemoryBytes is { } bytes)
        {
            parts.Add($"{memory} {Have(memory)} {Bytes(bytes)}");
        }

        if (match.Context is { } context && needs?.ContextTokens is { } tokens)
        {
            parts.Add($"{context} {Have(context)} a context of {Number(tokens)} tokens");
        }

        if (match.Class is { } numeric && needs is not null)
        {
            parts.Add($"{numeric} {Have(numeric)} {Listed(null, null, needs.Device, needs.Precision, needs.Runtime, null)}");
        }

        if (match.AskMore is { } more)
        {
            parts.Add($"{more} {(more == 1 ? "asks" : "ask")} more than {price}");
        }

        return string.Join(", ", parts);
    }

    /// <summary>Whole units where the number is one of them: "24 GiB", "16 GB", "512 MiB", else bytes.</summary>
    public static string Bytes(long bytes) => bytes % Gibibyte == 0 ? $"{Number(bytes / Gibibyte)} GiB"
        : bytes % Gigabyte == 0 ? $"{Number(bytes / Gigabyte)} GB"
        : bytes % Mebibyte == 0 ? $"{Number(bytes / Mebibyte)} MiB"
        : $"{Number(bytes)} bytes";

    private static string Listed(long? memory, int? context, string? device, string? precision, string? runtime, string? more)
    {
        string?[] parts =
        [
            memory is { } bytes ? $"{Bytes(bytes)} of memory" : null,
            context is { } tokens ? $"a context of {Number(tokens)} tokens" : null,
            device is null ? null : $"the device {device}",
            precision is null ? null : $"the precision {precision}",
            runtime is null ? null : $"the runtime {runtime}",
            more,
        ];
        var said = parts.OfType<string>().ToList();
        return said.Count == 0 ? "nothing of that" : string.Join(", ", said);
    }

    private static string Have(int count) => count == 1 ? "has" : "have";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
