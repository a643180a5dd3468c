using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Collections;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Verification;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>Fetches what a verifier wants to see beside the output, and holds the proof to what the model's manifest says of its numeric class.</summary>
/// <param name="content">Where manifests come from.</param>
/// <param name="inputs">Where jobs' inputs come from.</param>
/// <param name="evidence">Where proofs' evidence comes from.</param>
/// <param name="patience">How long a manifest may take.</param>
/// <remarks>Thread-safe. Manifests are kept, so many of them: a pool has few models. Of more, the one that came longest ago is fetched again.</remarks>
internal sealed class JudgedBy(ContentReader content, RationedReader inputs, RationedReader evidence, TimeSpan patience)
{
    private const int MostManifests = 64;

    private readonly BoundedCache<Cid, ReadOnlyMemory<byte>> manifests = new(MostManifests);
    private readonly Lock gate = new();

    /// <summary>Runs <paramref name="use"/> on the proof with all that is needed, or gives the refusal that says what is missing or wrong.</summary>
    public async ValueTask<(T? Result, Refusal? Refusal)> UseAsync<T>(
        ProofEvidence bare, VerificationNeeds needs, Func<ProofEvidence, ValueTask<(T?, Refusal?)>> use, CancellationToken cancellationToken)
        where T : class
    {
        var proof = bare;
        if (needs.HasFlag(VerificationNeeds.Manifest) && bare.Proof.Metrics.PackCid is { } pack)
        {
            var (manifest, refusal) = await ManifestAsync(pack, cancellationToken);
            if ((refusal ?? OtherClass(bare, manifest)) is { } refused)
            {
                return (null, refused);
            }

            proof = proof with { Manifest = manifest };
        }

        return needs.HasFlag(VerificationNeeds.Input)
            ? await inputs.UseAsync(bare.Job.InputCid, input => WithEvidenceAsync(proof with { Input = input }, needs, use, cancellationToken), cancellationToken)
            : await WithEvidenceAsync(proof, needs, use, cancellationToken);
    }

    private async ValueTask<(T?, Refusal?)> WithEvidenceAsync<T>(
        ProofEvidence proof, VerificationNeeds needs, Func<ProofEvidence, ValueTask<(T?, Refusal?)>> use, CancellationToken cancellationToken)
        where T : class => !needs.HasFlag(VerificationNeeds.Evidence) ? await use(proof)
            : proof.Proof.EvidenceCid is { } named ? await evidence.UseAsync(named, bytes => use(proof with { Evidence = bytes }), cancellationToken)
            : (null, new Refusal(ErrorCodes.NoEvidence, "The proof names no evidence, and the pool judges by it."));

    private async ValueTask<(ReadOnlyMemory<byte> Manifest, Refusal? Refusal)> ManifestAsync(Cid pack, CancellationToken cancellationToken)
    {
        if (Find(pack) is { } known)
        {
            return (known, null);
        }

        var (fetched, missing) = await content.FetchAsync(pack, ModelPackCodec.MaxBytes, patience, cancellationToken);
        if (missing is not null)
        {
            return (default, new Refusal(ErrorCodes.JudgedByUnavailable, $"The model's manifest could not be read: {missing.Reason}"));
        }

        if (!ModelPackCodec.TryDecode(fetched, out _, out var refusals))
        {
            return (default, new Refusal(refusals[0].Code, $"The model's manifest is none: {refusals[0].Reason}"));
        }

        return (Keep(pack, fetched), null);
    }

    private ReadOnlyMemory<byte>? Find(Cid pack)
    {
        lock (gate)
        {
            return manifests.TryGet(pack, out var known) ? (ReadOnlyMemory<byte>?)known : null;
        }
    }

    // Of two that fetched the same at a time both go on with one, an array of its own: what was read from it is found by it.
    private ReadOnlyMemory<byte> Keep(Cid pack, ReadOnlyMemory<byte> fetched)
    {
        lock (gate)
        {
            if (!manifests.TryGet(pack, out var kept))
            {
                kept = fetched.ToArray();
                manifests.Set(pack, kept);
            }

            return kept;
        }
    }

    private static Refusal? OtherClass(ProofEvidence proof, ReadOnlyMemory<byte> manifest) =>
        KnownManifest.Of(manifest) is { } pack && ModelClass.Problem(ModelClass.Of(proof.Proof.Metrics), pack) is { } problem
            ? new Refusal(ErrorCodes.OtherNumericClass, $"The proof's numeric class is not the model's: {problem}.")
            : null;
}
