using CustomBackend;
using SwarmPool.Inference;
using SwarmPool.Testing.Inference;

namespace SwarmPool.Samples.Tests;

public sealed class ProgramConformanceTests : BackendSuite
{
    protected override InferenceRequest Sample { get; } = new("upper", "text", "every payout can be recomputed"u8.ToArray());

    protected override IInferenceBackend Make() => Programs.Backend(new ProgramOptions
    {
        MaxParallel = Parallel,
        Models = { ["upper"] = Programs.Of("/usr/bin/tr", "a-z", "A-Z") },
    });
}
