using SwarmPool.Core.Pool;
using SwarmPool.Snapshots;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Verification;

/// <summary>Asks a verifier which of a job's outputs agree, and makes of it the fact that the rules judge by.</summary>
/// <remarks>Thread-safe. What the verifier throws comes through: then nothing was found, and it may be asked again.</remarks>
internal sealed class AgreementFinder(IProofVerifier verifier)
{
    private readonly string name = verifier.Name;

    /// <summary>
    /// The groups of outputs, by their fences, the one that counts first; and of the others those that can't be held against it: another class, never wrong.
    /// </summary>
    /// <param name="jobCid">The job's CID.</param>
    /// <param name="job">The job.</param>
    /// <param name="manifest">The manifest of its model pack; null without one.</param>
    /// <param name="input">The job's input; null when the verifier doesn't ask for it.</param>
    /// <param name="outputs">1 to <see cref="AgreementGroups.Most"/>; the first is the executor's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<AgreementFact> FindAsync(
        Cid jobCid, JobSnapshot job, ReadOnlyMemory<byte>? manifest, ReadOnlyMemory<byte>? input, IReadOnlyList<FencedOutput> outputs, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(outputs.Count);
        var found = new OutputAgreement[outputs.Count, outputs.Count];
        for (var one = 0; one < outputs.Count; one++)
        {
            for (var other = one + 1; other < outputs.Count; other++)
            {
                found[one, other] = found[other, one] = await CompareAsync(outputs[one], outputs[other]);
            }
        }

        var twins = Enumerable.Range(0, outputs.Count).Select(one => Enumerable.Range(0, outputs.Count).Where(other => IsSame(outputs[one], outputs[other])).ToList()).ToList();
        var groups = AgreementGroups.Of(outputs.Count, (one, other) => IsSame(outputs[one], outputs[other]) || twins[one].TrueForAll(a => twins[other].TrueForAll(b => found[a, b] == OutputAgreement.Agree)));

        // Whoever differs from one of its own class is not of another.
        long[] aside = [.. groups.Skip(1).SelectMany(static group => group).Where(one => groups[0].All(other => found[one, other] != OutputAgreement.Differ)).Order().Select(at => outputs[at].Fence)];
        return new AgreementFact(name, [.. groups.Select(group => (IReadOnlyList<long>)[.. group.Select(at => outputs[at].Fence)])]) { Aside = aside.Length == 0 ? null : aside };

        async ValueTask<OutputAgreement> CompareAsync(FencedOutput one, FencedOutput other) => IsSame(one, other)
            ? OutputAgreement.Agree
            : (await verifier.CompareAsync(new OutputPair(jobCid, job, one.Output, other.Output) { Manifest = manifest, Input = input }, cancellationToken)).Kind;
    }

    // The same bytes are never told apart, whatever a verifier says of them and of third ones.
    private static bool IsSame(FencedOutput one, FencedOutput other) => one.Output.Bytes.Span.SequenceEqual(other.Output.Bytes.Span);
}

/// <summary>An output, and the fence of the claim or check that it answers.</summary>
/// <param name="Fence">The fence.</param>
/// <param name="Output">The output.</param>
internal sealed record FencedOutput(long Fence, ComparedOutput Output);
