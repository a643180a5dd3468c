using System.Text;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>
/// An encoder and a decoder that translate words by a rule that can be recomputed: each word of the answer is the word of the text at its place, moved on by the sum
/// of all tokens that stand before it. Whoever feeds the decoder too few, too many or the wrong tokens, or loses its cache, gets another answer.
/// </summary>
internal static class TinyTranslator
{
    public const int End = 2;

    public static readonly string[] Words = ["<pad>", "<s>", "</s>", "▁ant", "▁bee", "▁cat", "▁dog", "▁elk", "▁fox", "▁gnu", "▁hen", "▁ibis"];

    private const int First = 3;
    private const int Starts = 2;

    private const string Text = """
        "inputs":[{"name":"ids","type":"int64","shape":[1,"n"]}],"outputs":[{"name":"memory","type":"int64","shape":[1,"m"]}],
        "preprocess":{"kind":"text","ids":"ids","tokenizer":{"kind":"list","vocab":"words.txt"}},
        "postprocess":{"kind":"token-text","output":"tokens","tokenizer":{"kind":"list","vocab":"words.txt"}FORM}
        """;

    private const string Cache = """
        ,"cache":[{"input":"past","output":"present"},{"input":"cross","output":"cross_out","once":true}],"has_past":"has_past","position":"offset"
        """;

    public static (string Name, byte[] Content) Vocabulary => ("words.txt", Encoding.UTF8.GetBytes(string.Join('\n', Words)));

    public static string Manifest(bool hasCache, int maxTokens = 20, string more = "", string form = "") =>
        $$"""{{{Text.Replace("FORM", form, StringComparison.Ordinal)}},"runner":{"kind":"encoder-decoder","decoder":"decoder.onnx","tokens":"input_ids","logits":"logits","given":{"encoder_memory":"memory"},"start":[1,1],"end":[2],"max_tokens":{{maxTokens}}{{(hasCache ? Cache : "")}}{{more}}} }""";

    public static MadeModel Make(bool hasCache, int maxTokens = 20, string more = "", string form = "", byte[]? decoder = null) =>
        new(Encoder(), Manifest(hasCache, maxTokens, more, form), [("decoder.onnx", decoder ?? Decoder(hasCache)), Vocabulary]);

    /// <summary>What the pair answers.</summary>
    public static string Answer(string text, int maxTokens = 20)
    {
        var memory = text.Split(' ').Select(static word => Array.IndexOf(Words, $"▁{word}")).ToList();
        List<int> said = [1, 1];
        for (var place = 0; place < Math.Min(memory.Count, maxTokens); place++)
        {
            said.Add(First + ((memory[place] + said.Sum()) % (Words.Length - First)));
        }

        return string.Concat(said.Skip(Starts).Select(static id => Words[id])).Replace('▁', ' ').Trim();
    }

    /// <summary>The words, and the end.</summary>
    public static byte[] Encoder() => new OnnxGraph().Input("ids", "int64", 1, "n").Weights("end", "int64", [1, 1], OnnxGraph.Longs(End)).Output("memory", "int64", 1, "m")
        .Node("Concat", ["ids", "end"], ["memory"], ("axis", 1)).ToArray();

    /// <param name="hasCache">Whether it is given one token a run, and remembers; else all of them.</param>
    /// <param name="likely">The logit of what is meant.</param>
    public static byte[] Decoder(bool hasCache, float likely = 1)
    {
        var graph = new OnnxGraph().Input("input_ids", "int64", 1, "k").Input("encoder_memory", "int64", 1, "m")
            .Weights("zero", "int64", [1], OnnxGraph.Longs(0)).Weights("one", "int64", [1], OnnxGraph.Longs(1)).Weights("far", "int64", [1], OnnxGraph.Longs(1000))
            .Weights("starts", "int64", [1], OnnxGraph.Longs(Starts)).Weights("size", "int64", [], OnnxGraph.Longs(Words.Length))
            .Weights("count_of_words", "int64", [1, 1], OnnxGraph.Longs(Words.Length - First)).Weights("first", "int64", [1, 1], OnnxGraph.Longs(First))
            .Weights("end", "int64", [1, 1], OnnxGraph.Longs(End)).Weights("logits_of", "float32", [2], OnnxGraph.Floats(0, likely)).Output("logits", "float32", 1, "k", Words.Length);
        if (hasCache)
        {
            // As merged decoders are: what is made of the encoder's output comes from the first run alone.
            graph.Input("past", "int64", 1, "t").Input("cross", "int64", 1, "c").Input("has_past", "bool", 1).Input("offset", "int64", 1)
                .Output("present", "int64", 1, "t2").Output("cross_out", "int64", 1, "c2")
                .Node("Concat", ["past", "input_ids"], ["present"], ("axis", 1))
                .Node("Where", ["has_past", "zero", "far"], ["until"])
                .Node("Slice", ["encoder_memory", "zero", "until", "one"], ["cross_out"])
                .Node("Concat", ["cross", "cross_out"], ["memory"], ("axis", 1))
                .Node("Shape", ["past"], ["past_shape"]).Node("Gather", ["past_shape", "one"], ["past_count"])
                .Node("Equal", ["past_count", "offset"], ["in_place"]);
        }
        else
        {
            graph.Weights("in_place", "bool", [1], [1]).Node("Identity", ["input_ids"], ["present"]).Node("Identity", ["encoder_memory"], ["memory"]);
        }

        return graph
            .Node("Shape", ["present"], ["present_shape"]).Node("Gather", ["present_shape", "one"], ["count"]).Node("Sub", ["count", "starts"], ["at"])
            .Node("Gather", ["memory", "at"], ["value"], ("axis", 1))
            .Node("ReduceSum", ["present"], ["sum"], ("keepdims", 1))
            .Node("Add", ["value", "sum"], ["moved"]).Node("Mod", ["moved", "count_of_words"], ["rest"]).Node("Add", ["rest", "first"], ["word"])
            .Node("Equal", ["value", "end"], ["is_over"]).Node("Where", ["is_over", "end", "word"], ["next"]).Node("Where", ["in_place", "next", "end"], ["token"])
            .Node("Shape", ["input_ids"], ["ids_shape"]).Node("Gather", ["ids_shape", "one"], ["ids_count"]).Node("Sub", ["ids_count", "one"], ["before_count"])
            .Node("Slice", ["input_ids", "zero", "before_count", "one"], ["before"]).Node("Concat", ["before", "token"], ["rows"], ("axis", 1))
            .Node("OneHot", ["rows", "size", "logits_of"], ["logits"], ("axis", -1)).ToArray();
    }
}
