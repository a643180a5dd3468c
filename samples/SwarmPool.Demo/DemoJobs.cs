using System.Globalization;
using System.Text;
using System.Text.Json;
using SwarmPool.Runtime.Client;
using SwarmPool.Settlement;
using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.Demo;

/// <summary>A job of the demo's, and what is right.</summary>
/// <param name="Spec">The job.</param>
/// <param name="Right">The right answer.</param>
/// <param name="Told">What is said of it, before the answer.</param>
internal sealed record DemoJob(JobSpec Spec, string Right, string Told);

/// <summary>The demo's jobs: pictures of digits that a person can look at, and sums that a person can add, at prices that don't divide evenly.</summary>
internal static class DemoJobs
{
    public const int Pictures = 20;
    public const int Sums = 5;

    public static IEnumerable<DemoJob> All() => Enumerable.Range(0, Pictures).Select(Picture).Concat(Enumerable.Range(0, Sums).Select(Sum));

    /// <summary>What an output says: a label, or a text; nothing when it says neither.</summary>
    public static string Answer(ReadOnlyMemory<byte> output)
    {
        using var document = JsonDocument.Parse(output);
        return document.RootElement.TryGetProperty("label", out var label) || document.RootElement.TryGetProperty("text", out label) ? label.GetString() ?? "" : "";
    }

    private static DemoJob Picture(int i) => new(
        new JobSpec
        {
            JobType = "image-classification",
            Model = "digits-16",
            Input = DigitPictures.Png(i % 10, seed: i + 1),
            Amount = Usdc.FromMicro(100_001 + (13_337 * i)),
        },
        (i % 10).ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"a {i % 10} was recognised as"));

    private static DemoJob Sum(int i)
    {
        var (left, right) = (17 + (11 * i), 94 - (19 * i));
        var question = string.Create(CultureInfo.InvariantCulture, $"{left}+{right}=");
        return new DemoJob(
            new JobSpec
            {
                JobType = "text-generation",
                Model = "sums",
                Input = Encoding.UTF8.GetBytes($$"""{"prompt":"{{question}}","max_tokens":8}"""),
                Amount = Usdc.FromMicro(50_003 + (7_001 * i)),
            },
            (left + right).ToString(CultureInfo.InvariantCulture),
            $"{question} was completed by");
    }
}
