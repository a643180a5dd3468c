using System.Buffers.Binary;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>"detections": boxes of the model's picture become boxes of the one that was sent, each thing once.</summary>
public sealed class DetectionTests
{
    // A picture of 200×100 in a letterbox of 100×100: half as large, 25 down.
    private static readonly byte[] Wide = Pngs.Make(200, 100, 0, new byte[201 * 100]);

    [Theory]
    [InlineData("columns")]
    [InlineData("rows")]
    public async Task YoloBoxesComeBackInTheOriginalsPixels(string layout)
    {
        // Middle, size, scores of cat and dog: a cat, the same again less sure, a dog in its place, a box of nothing, one over the edge.
        float[][] boxes = [[30, 50, 20, 10, 0.9f, 0.1f], [31, 50, 20, 10, 0.8f, 0], [30, 50, 20, 10, 0, 0.6f], [80, 80, 10, 10, 0.1f, 0.1f], [95, 30, 20, 20, 0.5f, 0]];
        await using var made = Yolo(boxes, 2, layout, "");
        Assert.Equal(
            """{"boxes":[{"bottom":"60.0","label":"cat","left":"40.0","right":"80.0","score":"0.9000","top":"40.0"},"""
            + """{"bottom":"60.0","label":"dog","left":"40.0","right":"80.0","score":"0.6000","top":"40.0"},"""
            + """{"bottom":"30.0","label":"cat","left":"170.0","right":"200.0","score":"0.5000","top":"0.0"}],"height":100,"width":200}""",
            await made.AnswerAsync(Wide));
    }

    [Fact]
    public async Task OlderOnesSayHowSureTheyAreThatThereIsAnything()
    {
        float[][] boxes = [[30, 50, 20, 10, 0.5f, 0.8f, 0.1f], [70, 50, 20, 10, 0.2f, 0.9f, 0]];
        await using var made = Yolo(boxes, 2, "rows", """, "objectness":true, "score_threshold":0.3 """);
        var answer = await made.AnswerAsync(Wide);
        Assert.Contains("\"score\":\"0.4000\"", answer, StringComparison.Ordinal);
        Assert.Equal(2, answer.Split("\"label\"").Length);
    }

    [Fact]
    public async Task OverlapMostAndThresholdAreTheManifests()
    {
        float[][] boxes = [[30, 50, 20, 10, 0.9f, 0], [31, 50, 20, 10, 0.8f, 0], [70, 50, 20, 10, 0.7f, 0]];
        await using var both = Yolo(boxes, 2, "rows", """, "overlap":0.95 """);
        Assert.Equal(4, (await both.AnswerAsync(Wide)).Split("\"label\"").Length);
        await using var one = Yolo(boxes, 2, "rows", """, "most":1 """);
        Assert.Equal(2, (await one.AnswerAsync(Wide)).Split("\"label\"").Length);
        await using var sure = Yolo(boxes, 2, "rows", """, "score_threshold":0.95 """);
        Assert.Equal("""{"boxes":[],"height":100,"width":200}""", await sure.AnswerAsync(Wide));
    }

    /// <summary>Prior boxes are moved and stretched by what the model gives: none, a tenth right by variance, twice as wide by its logarithm.</summary>
    [Fact]
    public async Task PriorBoxesAreCorrected()
    {
        float[] priors = [0.5f, 0.5f, 0.2f, 0.2f, 0.3f, 0.5f, 0.2f, 0.2f];
        float[] corrections = [0, 0, 0, 0, 1, 0, MathF.Log(2) / 0.2f, 0];
        float[] scores = [0.1f, 0.9f, 0.2f, 0.8f];
        await using var made = Ssd(corrections, scores, """, "background":0, "priors":"priors.bin" """, Bytes(priors));

        // The first, 40 to 60 of 100, is 80 to 120 wide and 30 to 70 high there; the second has its middle at 0.32 and is 0.4 wide.
        Assert.Equal(
            """{"boxes":[{"bottom":"70.0","label":"face","left":"80.0","right":"120.0","score":"0.9000","top":"30.0"},"""
            + """{"bottom":"70.0","label":"face","left":"24.0","right":"104.0","score":"0.8000","top":"30.0"}],"height":100,"width":200}""",
            await made.AnswerAsync(Wide));
    }

    /// <summary>A picture of 100×100 in steps of 50: four cells; the boxes of each are 20 and 40 across, and twice as wide as high.</summary>
    [Fact]
    public async Task AnchorsAreMadeWhereTheManifestSaysHow()
    {
        await using var made = Anchored(new float[32], [0, 0, 0, 0, 0, 0.9f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.8f], """, "background":0, "anchors":{"strides":[50],"sizes":[20,40],"ratios":[1]} """);

        // The third of a cell's two: the second cell, its middle at 75, 25, 20 across; the eighth: the last cell, 75, 75, 40 across.
        Assert.Equal(
            """{"boxes":[{"bottom":"20.0","label":"face","left":"130.0","right":"170.0","score":"0.9000","top":"0.0"},"""
            + """{"bottom":"100.0","label":"face","left":"110.0","right":"190.0","score":"0.8000","top":"60.0"}],"height":100,"width":200}""",
            await made.AnswerAsync(Wide));
        await using var wide = Anchored(new float[32], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.8f], """, "background":0, "normalised":false, "anchors":{"strides":[50],"sizes":[20],"ratios":[1,4]} """);
        Assert.Contains("\"bottom\":\"100.0\"", await wide.AnswerAsync(Wide), StringComparison.Ordinal);
        Assert.Contains("\"left\":\"110.0\",\"right\":\"190.0\"", await wide.AnswerAsync(Wide), StringComparison.Ordinal);
        await using var few = Anchored(new float[32], new float[16], """, "anchors":{"strides":[50,100],"sizes":[20,40],"each":[1,1]} """);
        Assert.Contains("has 5 prior boxes", await few.RefusalAsync(Wide), StringComparison.Ordinal);
        await using var none = Anchored(new float[32], new float[16], """, "anchors":{"strides":[50,100],"sizes":[20,40,60]} """);
        Assert.Contains("anchors.sizes: write strides", await none.StartRefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CornersComeInEitherOrder()
    {
        await using var xy = Ssd([0.4f, 0.3f, 0.6f, 0.7f, 0, 0, 0, 0], [0, 0.9f, 0, 0], """, "background":0 """, null);
        Assert.Contains("\"bottom\":\"90.0\",\"label\":\"face\",\"left\":\"80.0\",\"right\":\"120.0\",\"score\":\"0.9000\",\"top\":\"10.0\"", await xy.AnswerAsync(Wide), StringComparison.Ordinal);
        await using var yx = Ssd([0.3f, 0.4f, 0.7f, 0.6f, 0, 0, 0, 0], [0, 0.9f, 0, 0], """, "background":0, "form":"yxyx" """, null);
        Assert.Contains("\"bottom\":\"90.0\",\"label\":\"face\",\"left\":\"80.0\",\"right\":\"120.0\",\"score\":\"0.9000\",\"top\":\"10.0\"", await yx.AnswerAsync(Wide), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoNumbersAndAnotherShapeAreRefused()
    {
        await using var nan = Yolo([[30, 50, float.NaN, 10, 0.9f, 0]], 2, "rows", "");
        Assert.Contains("The model gave NaN at place 2 of output \"y\"", await nan.RefusalAsync(Wide), StringComparison.Ordinal);
        await using var narrow = Yolo([[30, 50, 20, 10, 0.9f]], 1, "rows", "");
        Assert.Contains("with 6 numbers a box, is needed", await narrow.RefusalAsync(Wide), StringComparison.Ordinal);
    }

    // Eight boxes of two classes.
    private static MadeModel Anchored(float[] boxes, float[] scores, string more)
    {
        var model = new OnnxGraph().Input("x", "float32", 1, 3, 100, 100)
            .Weights("b", "float32", [1, 8, 4], Bytes(boxes)).Weights("s", "float32", [1, 8, 2], Bytes(scores))
            .Output("boxes", "float32", 1, 8, 4).Output("scores", "float32", 1, 8, 2)
            .Node("Identity", ["b"], ["boxes"]).Node("Identity", ["s"], ["scores"]);
        return new MadeModel(model.ToArray(), """
            {"inputs":[{"name":"x","type":"float32","shape":[1,3,100,100]}],
             "outputs":[{"name":"boxes","type":"float32","shape":[1,8,4]},{"name":"scores","type":"float32","shape":[1,8,2]}],
             "preprocess":{"kind":"image","input":"x","width":100,"height":100,"fit":"letterbox"},
             "postprocess":{"kind":"detections","format":"ssd","boxes":"boxes","scores":"scores","labels":["nothing","face"]MORE}}
            """.Replace("MORE", more, StringComparison.Ordinal));
    }

    private static MadeModel Yolo(float[][] boxes, int classes, string layout, string more)
    {
        var columns = boxes[0].Length;
        float[] values = layout == "rows"
            ? [.. boxes.SelectMany(static box => box)]
            : [.. Enumerable.Range(0, columns).SelectMany(column => boxes.Select(box => box[column]))];
        int[] shape = layout == "rows" ? [1, boxes.Length, columns] : [1, columns, boxes.Length];
        var model = new OnnxGraph().Input("x", "float32", 1, 3, 100, 100).Weights("w", "float32", shape, Bytes(values)).Output("y", "float32", 1, "a", "b")
            .Node("Identity", ["w"], ["y"]);
        Assert.InRange(classes, 1, 2);
        return new MadeModel(model.ToArray(), """
            {"inputs":[{"name":"x","type":"float32","shape":[1,3,100,100]}],"outputs":[{"name":"y","type":"float32","shape":[1,"a","b"]}],
             "preprocess":{"kind":"image","input":"x","width":100,"height":100,"fit":"letterbox"},
             "postprocess":{"kind":"detections","format":"yolo","output":"y","labels":["cat","dog"],"layout":"LAYOUT"}}
            """.Replace("\"LAYOUT\"", $"\"{layout}\"{more}", StringComparison.Ordinal));
    }

    private static MadeModel Ssd(float[] boxes, float[] scores, string more, byte[]? priors)
    {
        var model = new OnnxGraph().Input("x", "float32", 1, 3, 100, 100)
            .Weights("b", "float32", [1, 2, 4], Bytes(boxes)).Weights("s", "float32", [1, 2, 2], Bytes(scores))
            .Output("boxes", "float32", 1, 2, 4).Output("scores", "float32", 1, 2, 2)
            .Node("Identity", ["b"], ["boxes"]).Node("Identity", ["s"], ["scores"]);
        return new MadeModel(
            model.ToArray(),
            """
            {"inputs":[{"name":"x","type":"float32","shape":[1,3,100,100]}],
             "outputs":[{"name":"boxes","type":"float32","shape":[1,2,4]},{"name":"scores","type":"float32","shape":[1,2,2]}],
             "preprocess":{"kind":"image","input":"x","width":100,"height":100,"fit":"letterbox"},
             "postprocess":{"kind":"detections","format":"ssd","boxes":"boxes","scores":"scores","labels":["nothing","face"]MORE}}
            """.Replace("MORE", more, StringComparison.Ordinal),
            priors is null ? null : [("priors.bin", priors)]);
    }

    private static byte[] Bytes(float[] values)
    {
        var bytes = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), values[i]);
        }

        return bytes;
    }
}
