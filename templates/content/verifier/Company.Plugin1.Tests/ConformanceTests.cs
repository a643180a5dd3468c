using SwarmPool.Testing.Verification;
using SwarmPool.Verification;

namespace Company.Plugin1.Tests;

/// <summary>The slot's contract. What this plugin does beyond it is tested beside.</summary>
public sealed class ConformanceTests : VerifierSuite
{
    protected override IReadOnlyList<ProofEvidence> Dishonest => [Evidence.Of(default), Evidence.Of("{\"label\":"u8.ToArray())];

    protected override IProofVerifier Make() => new JsonVerifier(new VerifierOptions());
}
