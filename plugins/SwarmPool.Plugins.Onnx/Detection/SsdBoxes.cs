using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Detection;

/// <summary>"ssd": boxes and scores apart; the boxes as they are, or as corrections of prior boxes (anchors).</summary>
/// <remarks>Source: Liu et al., "SSD: Single Shot MultiBox Detector" (2016), equation 2, with variances as the authors' code has them.</remarks>
internal sealed class SsdBoxes(string boxes, string scores, int classes, int background, string form, bool isNormalised, IPriors? priors, double[] variances) : IBoxReader
{
    public IEnumerable<Box> Read(IReadOnlyDictionary<string, ModelTensor> outputs, PictureGeometry picture, double threshold)
    {
        var places = new BoxTable(boxes, outputs[boxes], 4, isTurned: false);
        var sure = new BoxTable(scores, outputs[scores], classes, isTurned: false);
        var before = priors?.Of(picture);
        if (places.Rows != sure.Rows || (before is not null && before.Count / 4 != places.Rows))
        {
            throw new InferenceException($"The model gave {places.Rows} boxes, {sure.Rows} scores and has {before?.Count / 4 ?? places.Rows} prior boxes; its model.json does not fit it.");
        }

        var (wide, high) = isNormalised ? (picture.ModelWidth, picture.ModelHeight) : (1, 1);
        for (var row = 0; row < places.Rows; row++)
        {
            for (var i = 0; i < classes; i++)
            {
                if (i != background && sure[row, i] >= threshold)
                {
                    var (left, top, right, bottom) = Corners(places, before, row);
                    yield return new Box(left * wide, top * high, right * wide, bottom * high, i, sure[row, i]);
                }
            }
        }
    }

    private (double Left, double Top, double Right, double Bottom) Corners(BoxTable places, IReadOnlyList<float>? before, int row)
    {
        var (a, b, c, d) = ((double)places[row, 0], (double)places[row, 1], (double)places[row, 2], (double)places[row, 3]);
        if (before is not null)
        {
            var (x, y, width, height) = ((double)before[row * 4], (double)before[(row * 4) + 1], (double)before[(row * 4) + 2], (double)before[(row * 4) + 3]);
            (a, b) = (x + (a * variances[0] * width), y + (b * variances[0] * height));
            (c, d) = (width * Math.Exp(Math.Min(c * variances[1], 20)), height * Math.Exp(Math.Min(d * variances[1], 20)));
        }

        return before is not null || form == "centre" ? (a - (c / 2), b - (d / 2), a + (c / 2), b + (d / 2))
            : form == "yxyx" ? (b, a, d, c)
            : (a, b, c, d);
    }
}
