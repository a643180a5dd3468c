using System.Text.Json;
using SwarmPool.Verification;

namespace Company.Plugin1;

/// <summary>Takes any well-formed JSON for an honest answer. The runtime has checked signature, lease and hashes before.</summary>
internal sealed class JsonVerifier(VerifierOptions options) : IProofVerifier
{
    private readonly JsonReaderOptions form = new() { MaxDepth = options.MaxDepth };

    public string Name => "Company.Plugin1";

    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            // The output is a stranger's. A reader keeps nothing of it, so its size costs time only, and little.
            var reader = new Utf8JsonReader(evidence.Output.Span, form);
            while (reader.Read())
            {
            }

            return new(new ProofJudgement(ProofJudgementKind.Accepted, ""));
        }
        catch (JsonException fault)
        {
            return new(new ProofJudgement(ProofJudgementKind.Refused, $"the output is not JSON: {fault.Message}"));
        }
    }
}
