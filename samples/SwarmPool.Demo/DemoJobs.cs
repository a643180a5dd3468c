using System.Globalization;
using System.Text.Json;
using SwarmPool.Runtime.Client;
using SwarmPool.Settlement;
using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.Demo;

/// <summary>The demo's jobs: pictures of digits that a person can look at, at prices that don't divide evenly.</summary>
internal static class DemoJobs
{
    public const int Count = 20;

    public static IEnumerable<(int Digit, JobSpec Spec)> All()
    {
        for (var i = 0; i < Count; i++)
        {
            var digit = i % 10;
            yield return (digit, new JobSpec
            {
                JobType = "image-classification",
                Model = "digits-16",
                Input = DigitPictures.Png(digit, seed: i + 1),
                Amount = Usdc.FromMicro(100_001 + (13_337 * i)),
            });
        }
    }

    /// <summary>The digit that an answer names; -1 when it names none.</summary>
    public static int Answer(ReadOnlyMemory<byte> output)
    {
        using var document = JsonDocument.Parse(output);
        return document.RootElement.TryGetProperty("label", out var label)
            && int.TryParse(label.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var digit) ? digit : -1;
    }
}
