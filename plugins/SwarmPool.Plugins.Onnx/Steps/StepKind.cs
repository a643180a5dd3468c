using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Steps;

/// <summary>A preprocessing kind of this plugin.</summary>
internal sealed class PreprocessorKind(string kind, Func<IStepParameters, IPreprocessor> make) : IPreprocessorKind
{
    public string Kind => kind;

    public IPreprocessor Make(IStepParameters parameters) => make(parameters);
}

/// <summary>A postprocessing kind of this plugin.</summary>
internal sealed class PostprocessorKind(string kind, Func<IStepParameters, IPostprocessor> make) : IPostprocessorKind
{
    public string Kind => kind;

    public IPostprocessor Make(IStepParameters parameters) => make(parameters);
}
