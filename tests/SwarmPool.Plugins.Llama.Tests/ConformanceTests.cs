using SwarmPool.Inference;
using SwarmPool.Testing.Inference;

namespace SwarmPool.Plugins.Llama.Tests;

/// <summary>Embeddings, which a backend makes by itself.</summary>
public sealed class ConformanceTests : BackendSuite, IDisposable
{
    private readonly TinyModels models = new TinyModels().Add();

    protected override InferenceRequest Sample { get; } = Backends.Embedding("""{"input":["every payout","can be recomputed"]}""");

    public void Dispose() => models.Dispose();

    protected override IInferenceBackend Make() => Backends.Over(models.Folder);
}

/// <summary>Tokens, with more than one block in the prompt.</summary>
public sealed class TokenConformanceTests : TokenModelSuite, IDisposable
{
    private readonly TinyModels models = new TinyModels().Add();

    protected override string Model => TinyModels.Name;

    protected override int Parallel => 3;

    protected override TokenPrompt Prompt { get; } = TokenPrompt.OfText("Every payout can be recomputed by a stranger from signed inputs.");

    public void Dispose() => models.Dispose();

    protected override IInferenceBackend Make() => Backends.Over(models.Folder, options => options.MaxSequences = Parallel);
}
