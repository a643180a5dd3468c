using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Detection;

/// <summary>Prior boxes (anchors), which a model's boxes are corrections of. Thread-safe once they are loaded.</summary>
internal interface IPriors
{
    /// <exception cref="InferenceException">A file is not what it has to be.</exception>
    void Load();

    /// <summary>Middle and size of each, four numbers, in the unit of the model's boxes.</summary>
    IReadOnlyList<float> Of(PictureGeometry picture);
}
