using System.Globalization;
using System.Text.Json;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Detection;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>"detections": what is where, in the pixels of the picture that was sent.</summary>
internal sealed class Detections(IBoxReader reader, IPriors? priors, IReadOnlyList<string> labels, double threshold, double overlap, int most) : IPostprocessor
{
    public static Detections Make(IStepParameters from)
    {
        var labels = from.Texts("labels", most: 10_000);
        (IBoxReader boxes, IPriors? priors) = from.Choice("format", null, "yolo", "ssd") == "ssd" ? ReadSsd(from, labels.Count) : (ReadYolo(from, labels.Count), null);
        return new Detections(
            boxes,
            priors,
            labels,
            from.Number("score_threshold", 0.001, 1, otherwise: 0.25),
            from.Number("overlap", 0, 1, otherwise: 0.45),
            from.Integer("most", 1, 1000, otherwise: 100));
    }

    public void Load() => priors?.Load();

    public ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs, AnswerContext context)
    {
        var picture = context.Input.Picture ?? throw new InferenceException("The model's input is no picture, so there is nothing to find places in. Take image as preprocess.kind.");
        var found = Suppression.Apply(reader.Read(outputs, picture, threshold), overlap, most, context.CancellationToken);
        return new ModelAnswer(OutputJson.Write(context.MaxBytes, json =>
        {
            json.WriteStartArray("boxes");
            foreach (var box in found.Select(box => InOriginal(box, picture)).Where(static box => box.Area > 0))
            {
                Write(json, box);
            }

            json.WriteEndArray();
            json.WriteNumber("height", picture.Height);
            json.WriteNumber("width", picture.Width);
        }), Confidence: null);
    }

    private void Write(Utf8JsonWriter json, Box box)
    {
        json.WriteStartObject();
        json.WriteString("bottom", Pixels(box.Bottom));
        json.WriteString("label", labels[box.Class]);
        json.WriteString("left", Pixels(box.Left));
        json.WriteString("right", Pixels(box.Right));
        json.WriteString("score", box.Score.ToString("F4", CultureInfo.InvariantCulture));
        json.WriteString("top", Pixels(box.Top));
        json.WriteEndObject();
    }

    private static Box InOriginal(Box box, PictureGeometry picture) => box with
    {
        Left = Math.Clamp((box.Left - picture.OffsetX) / picture.ScaleX, 0, picture.Width),
        Right = Math.Clamp((box.Right - picture.OffsetX) / picture.ScaleX, 0, picture.Width),
        Top = Math.Clamp((box.Top - picture.OffsetY) / picture.ScaleY, 0, picture.Height),
        Bottom = Math.Clamp((box.Bottom - picture.OffsetY) / picture.ScaleY, 0, picture.Height),
    };

    private static string Pixels(double edge) => edge.ToString("F1", CultureInfo.InvariantCulture);

    private static YoloBoxes ReadYolo(IStepParameters from, int classes) => new(
        from.Output("output", types: Postprocessors.Floats)?.Name ?? "",
        classes,
        from.Flag("objectness", otherwise: false),
        from.Choice("layout", "columns", "columns", "rows") == "columns");

    private static (IBoxReader Boxes, IPriors? Priors) ReadSsd(IStepParameters from, int classes)
    {
        var isNormalised = from.Flag("normalised", otherwise: true);
        IPriors? priors = from.File("priors", optional: true) is { } file ? new Priors(file) : null;
        if (from.Object("anchors", optional: true) is { } grids)
        {
            if (priors is not null)
            {
                from.Problem("anchors", "write priors, a file, or anchors, which are made, and not both");
            }

            priors = Anchors.Read(grids, isNormalised);
        }

        var variances = from.Numbers("variances", 0.001, 10, 2);
        if (variances.Count == 1)
        {
            from.Problem("variances", "write two: of middles and of sizes");
        }

        var boxes = new SsdBoxes(
            from.Output("boxes", types: Postprocessors.Floats)?.Name ?? "",
            from.Output("scores", types: Postprocessors.Floats)?.Name ?? "",
            classes,
            from.Integer("background", -1, 10_000, otherwise: -1),
            from.Choice("form", "xyxy", "xyxy", "yxyx", "centre"),
            isNormalised,
            priors,
            variances.Count == 2 ? [.. variances] : [0.1, 0.2]);
        return (boxes, priors);
    }
}
