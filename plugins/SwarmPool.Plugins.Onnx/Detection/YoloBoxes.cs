using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Detection;

/// <summary>"yolo": a box a row, or a column: middle, size, how sure that there is anything (of older ones), how sure of each class.</summary>
internal sealed class YoloBoxes(string output, int classes, bool hasObjectness, bool isTurned) : IBoxReader
{
    public IEnumerable<Box> Read(IReadOnlyDictionary<string, ModelTensor> outputs, PictureGeometry picture, double threshold)
    {
        var first = hasObjectness ? 5 : 4;
        var table = new BoxTable(output, outputs[output], first + classes, isTurned);
        for (var row = 0; row < table.Rows; row++)
        {
            var best = 0;
            for (var i = 1; i < classes; i++)
            {
                best = table[row, first + i] > table[row, first + best] ? i : best;
            }

            var score = table[row, first + best] * (hasObjectness ? table[row, 4] : 1);
            if (score >= threshold)
            {
                var (x, y, width, height) = ((double)table[row, 0], (double)table[row, 1], (double)table[row, 2], (double)table[row, 3]);
                yield return new Box(x - (width / 2), y - (height / 2), x + (width / 2), y + (height / 2), best, score);
            }
        }
    }
}
