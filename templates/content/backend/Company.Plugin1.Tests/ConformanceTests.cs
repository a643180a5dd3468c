using SwarmPool.Inference;
using SwarmPool.Testing.Inference;

namespace Company.Plugin1.Tests;

/// <summary>The slot's contract. What this plugin does beyond it is tested beside.</summary>
public sealed class ConformanceTests : BackendSuite
{
    protected override InferenceRequest Sample { get; } = new("reverse", "text", "every payout"u8.ToArray());

    protected override IInferenceBackend Make() => new TextBackend(new BackendOptions());
}
