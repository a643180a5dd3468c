using SwarmPool.Inference;
using SwarmPool.Testing.Inference;
using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.Plugins.Onnx.Tests;

public sealed class ConformanceTests : BackendSuite
{
    protected override InferenceRequest Sample { get; } = new(Backends.Digits, Backends.Classification, DigitPictures.Png(7, 3));

    protected override IInferenceBackend Make() => Backends.Over(Places.Models, options => options.MaxParallel = Parallel);
}
