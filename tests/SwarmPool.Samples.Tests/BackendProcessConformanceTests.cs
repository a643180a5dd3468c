using SwarmPool.Inference;
using SwarmPool.Testing.Inference;

namespace SwarmPool.Samples.Tests;

/// <summary>A backend in a process of its own is one like any other.</summary>
public sealed class BackendProcessConformanceTests : BackendSuite, IDisposable
{
    private readonly WrongBackends backends = new();

    protected override InferenceRequest Sample { get; } = new(WrongBackends.Mended, "text", "every payout can be recomputed"u8.ToArray());

    protected override IInferenceBackend Make() => backends.Make();

    public void Dispose() => backends.Dispose();
}

/// <summary>And so are its tokens.</summary>
public sealed class BackendProcessTokenTests : TokenModelSuite, IDisposable
{
    private readonly WrongBackends backends = new();

    protected override string Model => WrongBackends.Mended;

    protected override TokenPrompt Prompt { get; } = TokenPrompt.OfText("every payout");

    protected override IInferenceBackend Make() => backends.Make();

    public void Dispose() => backends.Dispose();
}
