using SwarmPool.Tools.Sums.Training;

namespace SwarmPool.Tools.Sums.Onnx;

/// <summary>Writes the network as an ONNX file: whole numbers of tokens in, the scores of each next token out.</summary>
internal static class SumsOnnx
{
    public const string Input = "ids";
    public const string Output = "logits";

    public static byte[] Write(Transformer network) => new Graph().Write(network);

    private sealed class Graph
    {
        private readonly OnnxNodes nodes = new();

        public byte[] Write(Transformer network)
        {
            Constants();
            var values = nodes.Node("Gather", Matrix(network.Embedding), Input);
            foreach (var layer in network.Layers)
            {
                values = nodes.Node("Add", values, Look(layer, Norm(values, layer.AttentionNorm)));
                values = nodes.Node("Add", values, Units(layer, Norm(values, layer.UnitsNorm)));
            }

            nodes.Last("MatMul", Output, Norm(values, network.LastNorm), Matrix(network.Scores));
            return nodes.ToArray(SumsModel.Name, (Input, ["n", "t"]), (Output, ["n", "t", Vocabulary.Count]));
        }

        private void Constants()
        {
            nodes.Constant("from", 0L);
            nodes.Constant("first", 0L);
            nodes.Constant("second", 1L);
            nodes.Constant("third", 2L);
            nodes.Constant("heads", 0L, 0L, Shape.Heads, Shape.HeadWidth);
            nodes.Constant("whole", 0L, 0L, Shape.Width);
            nodes.Constant("epsilon", [Shape.Epsilon], 1);
            nodes.Constant("look_scale", [1f / MathF.Sqrt(Shape.HeadWidth)], 1);
            var length = nodes.Node("Slice", nodes.Node("Shape", Input), "second", "third", "first");
            Slice("cosines", length, nodes.Constant("all_cosines", Doubled(Rotary.Cosines), Shape.Context, Shape.HeadWidth));
            Slice("sines", length, nodes.Constant("all_sines", Doubled(Rotary.Sines), Shape.Context, Shape.HeadWidth));
            var rows = nodes.Node("Slice", nodes.Constant("all_past", Past(), Shape.Context, Shape.Context), "from", length, "first");
            nodes.Last("Slice", "past", rows, "from", length, "second");
            nodes.Constant("swap", Swap(), Shape.HeadWidth, Shape.HeadWidth);
        }

        private void Slice(string name, string length, string all) => nodes.Last("Slice", name, all, "from", length, "first");

        private string Matrix(Weights weights) => nodes.Constant(weights.Name, weights.Values, weights.Inputs, weights.Outputs);

        private string Norm(string values, Weights weights)
        {
            var mean = nodes.Node("ReduceMean", [nodes.Node("Mul", values, values)], ("axes", new long[] { -1 }), ("keepdims", 1));
            var scale = nodes.Node("Reciprocal", nodes.Node("Sqrt", nodes.Node("Add", mean, "epsilon")));
            return nodes.Node("Mul", nodes.Node("Mul", values, scale), nodes.Constant(weights.Name, weights.Values, Shape.Width));
        }

        private string Look(Layer layer, string normed)
        {
            string Heads(Weights weights) => nodes.Node("Transpose", [nodes.Node("Reshape", nodes.Node("MatMul", normed, Matrix(weights)), "heads")], ("perm", new long[] { 0, 2, 1, 3 }));
            string Turned(string heads) => nodes.Node("Add", nodes.Node("Mul", heads, "cosines"), nodes.Node("Mul", nodes.Node("MatMul", heads, "swap"), "sines"));
            var key = nodes.Node("Transpose", [Turned(Heads(layer.Key))], ("perm", new long[] { 0, 1, 3, 2 }));
            var scores = nodes.Node("Mul", nodes.Node("MatMul", Turned(Heads(layer.Query)), key), "look_scale");
            var looks = nodes.Node("Softmax", [nodes.Node("Add", scores, "past")], ("axis", -1));
            var seen = nodes.Node("Transpose", [nodes.Node("MatMul", looks, Heads(layer.Value))], ("perm", new long[] { 0, 2, 1, 3 }));
            return nodes.Node("MatMul", nodes.Node("Reshape", seen, "whole"), Matrix(layer.Out));
        }

        private string Units(Layer layer, string normed)
        {
            var gate = nodes.Node("MatMul", normed, Matrix(layer.Gate));
            var gated = nodes.Node("Mul", nodes.Node("Mul", gate, nodes.Node("Sigmoid", gate)), nodes.Node("MatMul", normed, Matrix(layer.Up)));
            return nodes.Node("MatMul", gated, Matrix(layer.Down));
        }

        // A number for each of a pair.
        private static float[] Doubled(float[] pairs) => [.. pairs.SelectMany(static value => new[] { value, value })];

        private static float[] Past()
        {
            var past = new float[Shape.Context * Shape.Context];
            for (var at = 0; at < past.Length; at++)
            {
                past[at] = at % Shape.Context > at / Shape.Context ? -1e9f : 0f;
            }

            return past;
        }

        // (x, y) -> (-y, x) for each pair.
        private static float[] Swap()
        {
            var swap = new float[Shape.HeadWidth * Shape.HeadWidth];
            for (var pair = 0; pair < Rotary.Pairs; pair++)
            {
                swap[(((2 * pair) + 1) * Shape.HeadWidth) + (2 * pair)] = -1f;
                swap[(2 * pair * Shape.HeadWidth) + (2 * pair) + 1] = 1f;
            }

            return swap;
        }
    }
}
