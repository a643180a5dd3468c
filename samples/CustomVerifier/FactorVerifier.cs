using System.Globalization;
using System.Numerics;
using System.Text;
using SwarmPool.Snapshots;
using SwarmPool.Verification;

namespace CustomVerifier;

/// <summary>
/// Judges jobs of the type "factor": the input is a number, and the output its prime factors, a line each. Whoever has both can tell whether that is right, in
/// far less time than it took to find them: so no answer need be computed twice, and no wrong one is paid.
/// </summary>
internal sealed class FactorVerifier(FactorOptions options) : IProofVerifier
{
    private const string JobType = "factor";

    public string Name => "factors";

    public VerificationNeeds NeedsOf(JobSnapshot job) => VerificationNeeds.Input;

    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken)
    {
        var problem = Problem(evidence, out var factors, cancellationToken);
        return new(problem is null
            ? new ProofJudgement(ProofJudgementKind.Accepted, "") { Scores = new VerificationScores(new VerificationScore("factors", factors.Count)) }
            : new ProofJudgement(ProofJudgementKind.Refused, problem));
    }

    /// <summary>There is one right answer, whose lines may stand in any order.</summary>
    public ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken) => new(
        pair.One.Bytes.Span.SequenceEqual(pair.Other.Bytes.Span)
        || (Numbers(pair.One.Bytes) is { } one && Numbers(pair.Other.Bytes) is { } other && one.Order().SequenceEqual(other.Order()))
            ? new OutputComparison(OutputAgreement.Agree, "")
            : new OutputComparison(OutputAgreement.Differ, "the factors differ"));

    private string? Problem(ProofEvidence evidence, out List<BigInteger> factors, CancellationToken cancellationToken)
    {
        factors = [];
        if (evidence.Job.JobType != JobType)
        {
            return $"this pool takes jobs of the type {JobType} alone";
        }

        if (evidence.Input is not { } input || Numbers(input) is not [var number] || number < 2)
        {
            return "the input is no number of 2 or more";
        }

        if (Numbers(evidence.Output) is not { } claimed || claimed.Exists(static factor => factor < 2))
        {
            return "the output is no list of numbers of 2 or more, a line each";
        }

        factors = claimed;
        if (claimed.Aggregate(BigInteger.One, static (product, factor) => product * factor) != number)
        {
            return "the product of the factors is another number";
        }

        foreach (var factor in claimed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Primes.IsPrime(factor))
            {
                return "one of the factors is no prime";
            }
        }

        return null;
    }

    // A stranger's bytes: no more digits than allowed in all, of which a number's product has no more.
    private List<BigInteger>? Numbers(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length == 0 || bytes.Length > 8 * options.MaxDigits || bytes.Span.ContainsAnyExcept("0123456789\n"u8))
        {
            return null;
        }

        var numbers = new List<BigInteger>();
        foreach (var line in Encoding.ASCII.GetString(bytes.Span).TrimEnd('\n').Split('\n'))
        {
            if (line.Length is 0 || line.Length > options.MaxDigits || line[0] == '0' || !BigInteger.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            numbers.Add(number);
        }

        return numbers;
    }
}
