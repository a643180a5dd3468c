using SwarmPool.Runtime.Daemon.Ingress;
using SwarmPool.Testing.Verification;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Tests.Daemon;

public sealed class HashProofVerifierTests : VerifierSuite
{
    protected override IProofVerifier Make() => new HashProofVerifier();
}
