using System.Diagnostics.CodeAnalysis;
using SwarmPool.Settlement;

namespace SwarmPool.Snapshots;

/// <summary>
/// What a job pays for what is counted, in whole micro-USDC: base + (input tokens × <see cref="InputTokens"/> + output tokens × <see cref="OutputTokens"/>
/// + milliseconds × <see cref="Seconds"/> + 1,000 × pictures × <see cref="Pictures"/>) / 1,000, rounded up once, and never more than the job's amount.
/// </summary>
/// <remarks>
/// Immutable; thread-safe. Each is 0 to <see cref="Most"/>, or absent: nothing is paid for it, and it need not be counted. One besides the base is more than 0.
/// </remarks>
public sealed record JobRates
{
    /// <summary>The most that a rate may be: 10^12, a million USDC.</summary>
    public const long Most = 1_000_000_000_000;

    /// <summary>Micro-USDC for the job, whatever is counted.</summary>
    public long? Base { get; init; }

    /// <summary>Micro-USDC for 1,000 tokens of the prompt, those included that the model's template adds.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Micro-USDC for 1,000 tokens of the answer, an end token too.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Micro-USDC for a second of the input's sound, or of the output's where the job's kind begins with "text-to-"; milliseconds are counted.</summary>
    public long? Seconds { get; init; }

    /// <summary>Micro-USDC for a picture that is the input, or the output where the job's kind begins with "text-to-".</summary>
    public long? Pictures { get; init; }

    /// <summary>
    /// Reads the form that people write: <c>base=0.001,input_tokens=0.00005,output_tokens=0.0002</c>, each once, in USDC: for the job, for 1,000 tokens,
    /// for a second (<c>seconds</c>), for a picture (<c>pictures</c>).
    /// </summary>
    /// <param name="text">What was written.</param>
    /// <param name="rates">What it says.</param>
    /// <param name="problem">What is wrong with it: the end of a sentence that begins with where it stands.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out JobRates? rates, [NotNullWhen(false)] out string? problem)
    {
        (rates, problem) = (null, null);
        var read = new JobRates();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            var (name, amount) = part.IndexOf('=', StringComparison.Ordinal) is var at and > 0 ? (part[..at].Trim(), part[(at + 1)..].Trim()) : (part, "");
            if (!Usdc.TryParse(amount, out var value) || value.Micro > Most || !seen.Add(name))
            {
                problem = $"is '{text}'; write each rate once, in USDC with at most 6 places, like \"base=0.001,output_tokens=0.0002\"";
                return false;
            }

            switch (name)
            {
                case "base": read = read with { Base = value.Micro }; break;
                case "input_tokens": read = read with { InputTokens = value.Micro }; break;
                case "output_tokens": read = read with { OutputTokens = value.Micro }; break;
                case "seconds": read = read with { Seconds = value.Micro }; break;
                case "pictures": read = read with { Pictures = value.Micro }; break;
                default:
                    problem = $"has '{name}'; there are base, input_tokens and output_tokens (for 1,000), seconds and pictures";
                    return false;
            }
        }

        if (!(read.InputTokens > 0 || read.OutputTokens > 0 || read.Seconds > 0 || read.Pictures > 0))
        {
            problem = $"is '{text}', which pays for nothing that is counted: write a rate above 0 besides the base";
            return false;
        }

        rates = read;
        return true;
    }

    /// <summary>What so much costs: summed exactly, rounded up once to a whole micro-USDC, and no more than the ceiling.</summary>
    /// <param name="usage">What was counted; each 0 or more. What is absent costs nothing.</param>
    /// <param name="ceiling">The job's amount.</param>
    public Usdc CostOf(JobUsage usage, Usdc ceiling)
    {
        ArgumentNullException.ThrowIfNull(usage);

        // A product is below 2^63 · 10^12 · 10^3, all of them together below 2^116.
        var thousandths = Product(usage.InputTokens, InputTokens) + Product(usage.OutputTokens, OutputTokens)
            + Product(usage.Milliseconds, Seconds) + (1000 * Product(usage.Pictures, Pictures));
        return Usdc.FromMicro((long)Int128.Min((Base ?? 0) + ((thousandths + 999) / 1000), ceiling.Micro));

        static Int128 Product(long? count, long? rate) => (Int128)(count ?? 0) * (rate ?? 0);
    }

    /// <summary>The form that <see cref="TryParse"/> reads.</summary>
    public override string ToString()
    {
        (string Name, long? Micro)[] all = [("base", Base), ("input_tokens", InputTokens), ("output_tokens", OutputTokens), ("seconds", Seconds), ("pictures", Pictures)];
        return string.Join(',', all.Where(static one => one.Micro is not null).Select(static one => $"{one.Name}={Usdc.FromMicro(one.Micro!.Value)}"));
    }
}

/// <summary>What the pool counted in a job's input, output and evidence; absent what the job doesn't pay for.</summary>
public sealed record JobUsage
{
    /// <summary>Tokens of the prompt, those included that the model's template adds.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Tokens of the answer, an end token too.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Milliseconds of sound, rounded down.</summary>
    public long? Milliseconds { get; init; }

    /// <summary>Pictures.</summary>
    public long? Pictures { get; init; }

    /// <summary>For people, e.g. "14 tokens in, 9 tokens out".</summary>
    public override string ToString()
    {
        (FormattableString? Text, long? Count)[] all =
        [
            ($"{InputTokens} tokens in", InputTokens), ($"{OutputTokens} tokens out", OutputTokens), ($"{Milliseconds / 1000m:0.###} s", Milliseconds), ($"{Pictures} pictures", Pictures),
        ];
        return string.Join(", ", all.Where(static one => one.Count is not null).Select(static one => FormattableString.Invariant(one.Text!)));
    }
}

/// <summary>The least that jobs for a model have to offer.</summary>
/// <param name="Model">The model, as jobs call it; a job that names the pack behind an alias means that alias.</param>
/// <param name="Rates">What each rate of a job has to be at least.</param>
public sealed record ModelPriceItem(string Model, JobRates Rates);
