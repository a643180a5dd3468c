using System.Globalization;
using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Client.Jobs;

/// <summary>What a job asks for beside its model, as a job file or a command line writes it.</summary>
internal static class JobNeedsText
{
    private const string MemoryForm = "has to be bytes, or a number with MiB, GiB, MB or GB, like \"24 GiB\"";
    private const int MostText = 128;

    private static readonly string[] Keys = ["memory", "context_tokens", "output_tokens", "device", "precision", "runtime"];
    private static readonly (string Name, long Bytes)[] Units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("GB", 1_000_000_000), ("MB", 1_000_000), ("", 1)];

    /// <summary>What a job file says; null when it says nothing. What is wrong is added to the file's problems.</summary>
    public static JobNeeds? Read(JobFields job)
    {
        if (!job.Has(JobFileKeys.Needs) || job.Object(JobFileKeys.Needs) is not { } needs)
        {
            return null;
        }

        needs.Only(Keys);
        var memory = needs.TextOrNumber("memory");
        if (memory is not null && !TryBytes(memory, out _))
        {
            needs.Problem(ErrorCodes.BadField, "memory", $"is '{memory}'; it {MemoryForm}");
        }

        var read = new JobNeeds
        {
            MemoryBytes = memory is not null && TryBytes(memory, out var bytes) ? bytes : null,
            ContextTokens = needs.Integer("context_tokens", 1, int.MaxValue),
            OutputTokens = needs.Integer("output_tokens", 1, int.MaxValue),
            Device = Name(needs, "device"),
            Precision = Name(needs, "precision"),
            Runtime = Name(needs, "runtime"),
        };
        return read == new JobNeeds() ? null : read;
    }

    /// <summary>What a command line says, as KEY=VALUE each; null when it says nothing.</summary>
    /// <param name="said">The pairs.</param>
    /// <param name="problem">Is told what is wrong.</param>
    public static JobNeeds? Read(IReadOnlyList<string> said, Action<string> problem)
    {
        var needs = new JobNeeds();
        foreach (var one in said)
        {
            var (key, value) = one.Split('=', 2) is [var name, var rest] ? (name, rest) : (one, "");
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            switch (key)
            {
                case "memory" when TryBytes(value, out var bytes): needs = needs with { MemoryBytes = bytes }; break;
                case "memory": problem($"--need {one}: memory {MemoryForm}."); break;
                case "context_tokens" when isNumber: needs = needs with { ContextTokens = number }; break;
                case "output_tokens" when isNumber: needs = needs with { OutputTokens = number }; break;
                case "context_tokens" or "output_tokens": problem($"--need {one}: {key} has to be a whole number from 1 to {int.MaxValue}."); break;
                case "device" when IsName(value): needs = needs with { Device = value }; break;
                case "precision" when IsName(value): needs = needs with { Precision = value }; break;
                case "runtime" when IsName(value): needs = needs with { Runtime = value }; break;
                case "device" or "precision" or "runtime": problem($"--need {one}: {key} has to have 1 to {MostText} characters."); break;
                default: problem($"--need {one}: write KEY=VALUE with one of {string.Join(", ", Keys)}, like --need memory=24GiB.{NearestName.Hint(key, Keys)}"); break;
            }
        }

        return needs == new JobNeeds() ? null : needs;
    }

    private static string? Name(JobFields needs, string key)
    {
        var text = needs.Text(key, required: false);
        if (text is null || IsName(text))
        {
            return text;
        }

        needs.Problem(ErrorCodes.BadField, key, $"has to have 1 to {MostText} characters");
        return null;
    }

    private static bool IsName(string text) => text.Length is >= 1 and <= MostText && !text.Any(char.IsControl);

    private static bool TryBytes(string text, out long bytes)
    {
        foreach (var (name, unit) in Units)
        {
            if (text.EndsWith(name, StringComparison.Ordinal))
            {
                var isNumber = long.TryParse(text[..^name.Length].TrimEnd(' '), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
                bytes = isNumber && number <= (1L << 53) / unit ? number * unit : 0;
                return bytes > 0;
            }
        }

        bytes = 0;
        return false;
    }
}
