using System.Buffers.Binary;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Detection;

/// <summary>Prior boxes (anchors), from a file: middle and size of each as four little-endian float32, in the unit of the model's boxes. Thread-safe once it is loaded.</summary>
internal sealed class Priors(IStepFile file) : IPriors
{
    private const int Bytes = 4 * sizeof(float);

    private float[] values = [];

    public IReadOnlyList<float> Of(PictureGeometry picture) => values;

    public void Load()
    {
        var bytes = file.Read().Span;
        if (bytes.Length == 0 || bytes.Length % Bytes != 0)
        {
            throw new InferenceException($"{file.Name} has {bytes.Length} bytes, which are no prior boxes: write four float32 each.");
        }

        var read = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        values = read;
    }
}
