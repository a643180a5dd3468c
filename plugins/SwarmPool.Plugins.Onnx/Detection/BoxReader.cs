using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Postprocessing;

namespace SwarmPool.Plugins.Onnx.Detection;

/// <summary>Reads the boxes that a model gives, in its own pixels.</summary>
internal interface IBoxReader
{
    IEnumerable<Box> Read(IReadOnlyDictionary<string, ModelTensor> outputs, PictureGeometry picture, double threshold);
}

/// <summary>A matrix out of a tensor of [1, rows, columns], or of one that is turned.</summary>
internal readonly struct BoxTable
{
    private readonly float[] values;
    private readonly bool isTurned;

    public BoxTable(string output, ModelTensor tensor, int columns, bool isTurned)
    {
        values = OutputJson.Finite(output, tensor.ToFloats());
        this.isTurned = isTurned;
        Columns = columns;
        var shape = tensor.Shape;
        if (shape.Count != 3 || shape[0] != 1 || shape[isTurned ? 1 : 2] != columns)
        {
            throw new InferenceException($"The model gave [{string.Join(',', shape)}] in output \"{output}\"; one picture's, with {columns} numbers a box, is needed. Its model.json does not fit it.");
        }

        Rows = (int)shape[isTurned ? 2 : 1];
    }

    public int Rows { get; }

    public int Columns { get; }

    public float this[int row, int column] => values[isTurned ? (column * Rows) + row : (row * Columns) + column];
}
