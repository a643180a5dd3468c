using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using CsCheck;
using SwarmPool.Protocol.Packs;
using SwarmPool.Protocol.Verification;

namespace SwarmPool.Protocol.Tests.Verification;

/// <summary>Two outputs agree within a model's tolerance, by the forms that backends write.</summary>
public sealed class OutputComparerTests
{
    private const string Digit = """{"confidence":"0.9990","label":"7","scores":{"1":"0.0010","7":"0.9990"}}""";
    private const string Box = """{"bottom":"20.0","label":"cat","left":"0.0","right":"10.0","score":"0.9000","top":"0.0"}""";

    private static PackTolerance Near { get; } = new("0.001", "0.001");

    [Theory]
    [InlineData(Digit, """{"confidence":"0.9985","label":"7","scores":{"1":"0.0015","7":"0.9985"}}""", true)]
    [InlineData(Digit, """{"confidence":"0.9990","label":"1","scores":{"1":"0.0010","7":"0.9990"}}""", false)]
    [InlineData(Digit, """{"confidence":"0.9900","label":"7","scores":{"1":"0.0010","7":"0.9990"}}""", false)]
    [InlineData(Digit, """{"confidence":"0.9990","label":"7","scores":{"2":"0.0010","7":"0.9990"}}""", false)]
    [InlineData(Digit, """{"confidence":"0.9990","label":"7","scores":{"1":"0.0010","7":"0.9990","8":"0.0000"}}""", false)]
    [InlineData(Digit, """{"confidence":"NaN","label":"7","scores":{"1":"0.0010","7":"0.9990"}}""", false)]
    [InlineData(Digit, """{"confidence":"0.9999","label":"0"}""", false)]
    [InlineData(Digit, "7", false)]
    [InlineData(Digit, "", false)]
    public void A_label_has_to_be_the_same_and_its_score_near(string one, string other, bool agree) => Check(agree, one, other, Near);

    /// <summary>A label that reads like a number is no number.</summary>
    [Fact]
    public void Labels_are_not_compared_as_numbers() => Check(false, """{"label":"7"}""", """{"label":"8"}""", new PackTolerance("5", null));

    [Theory]
    [InlineData(1, "a b c", "a c b", true)]
    [InlineData(1, "a b c", "b a c", false)]
    [InlineData(2, "a b c", "b a c", true)]
    [InlineData(2, "a b c", "a c b", false)]
    [InlineData(3, "a b c", "c a b", true)]
    [InlineData(1, "a b c", "a b", false)]
    [InlineData(1, "a b a", "a b c", false)]
    public void The_first_labels_have_to_be_the_same_in_any_order(int top, string one, string other, bool agree) =>
        Check(agree, Labels(one), Labels(other), new PackTolerance("0.5", null) { Top = top });

    [Fact]
    public void A_labels_probability_has_to_be_near()
    {
        Check(true, Labels("a b", "0.5000"), Labels("a b", "0.5004"), Near);
        Check(false, Labels("a b", "0.5000"), Labels("a b", "0.6000"), Near);
    }

    [Theory]
    [InlineData("[1,0]", "[0.9999999,0.0001]", true)]
    [InlineData("[1,0]", "[2,0]", true)]
    [InlineData("[1,0]", "[1,0.1]", false)]
    [InlineData("[1,0]", "[-1,0]", false)]
    [InlineData("[1,0]", "[0,0]", false)]
    [InlineData("[1,0]", "[1,0,0]", false)]
    [InlineData("[1,0]", "[]", false)]
    [InlineData("[1,0]", """["1e400",0]""", false)]
    public void Vectors_are_compared_by_their_angle(string one, string other, bool agree)
    {
        Check(agree, $$"""{"dimensions":2,"embedding":{{one}}}""", $$"""{"dimensions":2,"embedding":{{other}}}""", new PackTolerance(null, null) { Cosine = "0.0001" });
        Check(agree, $$"""{"embeddings":[{{one}},{{one}}],"usage":{"input_tokens":3} }""", $$"""{"embeddings":[{{one}},{{other}}],"usage":{"input_tokens":3} }""", new PackTolerance(null, null) { Cosine = "0.0001" });
    }

    [Fact]
    public void Raw_vectors_are_compared_by_their_angle_too()
    {
        float[] one = [1, 2, 3, -4], near = [1.00001f, 2, 3, -4], far = [1, 2, 3, 4];
        var tolerance = OutputTolerance.Of(new PackTolerance(null, null) { Cosine = "0.0001" })!;
        Assert.True(OutputComparer.Compare(Raw(one), Raw(near), tolerance).Agree);
        Assert.False(OutputComparer.Compare(Raw(one), Raw(far), tolerance).Agree);
        Assert.False(OutputComparer.Compare(Raw(one), Raw(near), OutputTolerance.Of(Near)!).Agree); // Without a cosine, bytes are bytes.
    }

    [Theory]
    [InlineData("10.0", "0.9", true)]
    [InlineData("10.5", "0.9", true)]
    [InlineData("15.0", "0.9", false)]
    [InlineData("15.0", "0.5", true)]
    [InlineData("10.0005", null, true)]
    [InlineData("10.5", null, false)]
    public void Boxes_share_most_of_their_union(string right, string? overlap, bool agree) =>
        Check(agree, Boxes(Box), Boxes(Box.Replace("\"right\":\"10.0\"", $"\"right\":\"{right}\"", StringComparison.Ordinal)), Near with { Overlap = overlap });

    [Fact]
    public void Each_box_has_one_of_its_own()
    {
        var dog = Box.Replace("cat", "dog", StringComparison.Ordinal);
        var away = Box.Replace("\"left\":\"0.0\",\"right\":\"10.0\"", "\"left\":\"50.0\",\"right\":\"60.0\"", StringComparison.Ordinal);
        var tolerance = Near with { Overlap = "0.9" };
        Check(true, Boxes(Box, dog, away), Boxes(away, Box, dog), tolerance);
        Check(false, Boxes(Box, dog), Boxes(Box, Box), tolerance);
        Check(false, Boxes(Box, away), Boxes(Box, Box), tolerance);
        Check(false, Boxes(Box), Boxes(), tolerance);
        Check(false, Boxes(Box), Boxes(Box.Replace("0.9000", "0.8000", StringComparison.Ordinal)), tolerance);
        Check(false, Boxes(Box), Boxes(Box.Replace("\"right\":\"10.0\"", "\"right\":\"NaN\"", StringComparison.Ordinal)), tolerance);
    }

    /// <summary>A greedy pairing would give the first box to the wrong one and find none for the second.</summary>
    [Fact]
    public void A_pairing_is_found_where_there_is_one()
    {
        static string At(int left) => $$"""{"bottom":"10","label":"x","left":"{{left}}","right":"{{left + 10}}","score":"1","top":"0"}""";
        Check(true, Boxes(At(0), At(2)), Boxes(At(1), At(-1)), new PackTolerance(null, null) { Overlap = "0.8" });
    }

    [Theory]
    [InlineData("spaces", " a  b\n", "a b", true)]
    [InlineData("spaces", "a b", "A b", false)]
    [InlineData("caseless", "Stra\u00DFe B", "STRA\u00DFE\tb", true)]
    [InlineData("exact", "a b", "a  b", false)]
    [InlineData(null, "a b", "a b ", false)]
    [InlineData("spaces", "a b", "ab", false)]
    public void Texts_are_equal_by_what_counts(string? form, string one, string other, bool agree)
    {
        Check(agree, one, other, new PackTolerance(null, null) { Text = form, Top = 1 });
        Check(agree, $$"""{"confidence":"0.9","text":{{JsonSerializer.Serialize(one)}}}""", $$"""{"confidence":"0.9","text":{{JsonSerializer.Serialize(other)}}}""", new PackTolerance(null, null) { Text = form, Top = 1 });
    }

    [Theory]
    [InlineData("""{"outputs":{"y":{"data":["1","2.5"],"shape":[2]}}}""", """{"outputs":{"y":{"data":["1.0004","2.5"],"shape":[2]}}}""", true)]
    [InlineData("""{"outputs":{"y":{"data":["1","2.5"],"shape":[2]}}}""", """{"outputs":{"y":{"data":["1.1","2.5"],"shape":[2]}}}""", false)]
    [InlineData("""{"outputs":{"y":{"data":["1","2.5"],"shape":[2]}}}""", """{"outputs":{"y":{"data":["1","2.5"],"shape":[1,2]}}}""", false)]
    [InlineData("""{"outputs":{"y":{"data":["1","2.5"],"shape":[2]}}}""", """{"outputs":{"z":{"data":["1","2.5"],"shape":[2]}}}""", false)]
    [InlineData("""{"outputs":{"y":{"data":["a",true],"shape":[2]}}}""", """{"outputs":{"y":{"data":["b",true],"shape":[2]}}}""", false)]
    [InlineData("""{"finish":"stop","ids":[5,2]}""", """{"finish":"stop","ids":[5,3]}""", false)]
    public void Tensors_are_compared_number_by_number(string one, string other, bool agree) => Check(agree, one, other, new PackTolerance("0.001", "0.001"));

    [Fact]
    public void Raw_tensors_are_compared_number_by_number()
    {
        var tolerance = OutputTolerance.Of(Near)!;
        Assert.True(OutputComparer.Compare(Safe(1, 2, float.NaN), Safe(1.0005f, 2, float.NaN), tolerance).Agree);
        Assert.False(OutputComparer.Compare(Safe(1, 2, 3), Safe(1, 2.1f, 3), tolerance).Agree);
        Assert.False(OutputComparer.Compare(Safe(1, 2, 3), Safe(1, 2, float.NaN), tolerance).Agree);
        Assert.False(OutputComparer.Compare(Safe(1, 2, float.PositiveInfinity), Safe(1, 2, float.MaxValue), tolerance).Agree);
        Assert.False(OutputComparer.Compare(Safe(1, 2, 3), Safe(1, 2), tolerance).Agree);
        Assert.Null(OutputComparer.Problem(Safe(1, 2)));
        Assert.NotNull(OutputComparer.Problem(Safe(1, 2).AsMemory(0, Safe(1, 2).Length - 1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"x":1e999}""")]
    public void An_output_of_no_form_is_named(string output) => Assert.NotNull(OutputComparer.Problem(Encoding.UTF8.GetBytes(output)));

    [Fact]
    public void What_is_measured_is_said()
    {
        var measures = OutputComparer.Compare("""{"score":"0.5"}"""u8.ToArray(), """{"score":"0.50025"}"""u8.ToArray(), OutputTolerance.Of(Near)!);
        Assert.Equal("max_abs_micro 250", measures.Scores.ToString());
        Assert.Null(OutputTolerance.Of(new PackTolerance(null, null)));
    }

    /// <summary>Strangers' bytes: either way round the same answer, an output agrees with itself, and nothing is thrown.</summary>
    [Fact]
    public void Any_two_outputs_compare_from_either_side()
    {
        string[] seeds = [Digit, Boxes(Box), Labels("a b"), """{"embedding":["1","2"]}""", "plain text", """{"outputs":{"y":{"data":["1"],"shape":[1]}}}"""];
        var tolerance = OutputTolerance.Of(new PackTolerance("0.01", "0.01") { Cosine = "0.01", Overlap = "0.5", Text = "spaces" })!;
        Gen.Select(Pick(seeds), Pick(seeds), Gen.Int[0, 200], Gen.Byte).Sample((one, two, at, with) =>
        {
            var (left, right) = (Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(two));
            right[at % right.Length] = with;
            var forth = OutputComparer.Compare(left, right, tolerance).Agree;
            OutputComparer.Problem(right);
            return forth == OutputComparer.Compare(right, left, tolerance).Agree && OutputComparer.Compare(right, (byte[])right.Clone(), tolerance).Agree;
        }, iter: 20_000);
    }

    private static Gen<T> Pick<T>(params T[] of) => Gen.Int[0, of.Length - 1].Select(at => of[at]);

    private static void Check(bool agree, string one, string other, PackTolerance stated)
    {
        var tolerance = OutputTolerance.Of(stated)!;
        var (left, right) = (Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
        var forth = OutputComparer.Compare(left, right, tolerance);
        Assert.Equal(agree, forth.Agree);
        Assert.Equal(agree, OutputComparer.Compare(right, left, tolerance).Agree);
        Assert.Equal(agree, forth.Difference is null);
    }

    private static string Labels(string names, string probability = "0.3000") =>
        $$"""{"labels":[{{string.Join(',', names.Split(' ').Select(name => $$"""{"label":"{{name}}","probability":"{{probability}}"}"""))}}]}""";

    private static string Boxes(params string[] boxes) => $$"""{"boxes":[{{string.Join(',', boxes)}}],"height":100,"width":100}""";

    private static byte[] Raw(params float[] values)
    {
        var bytes = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), values[i]);
        }

        return bytes;
    }

    private static byte[] Safe(params float[] values)
    {
        var header = Encoding.UTF8.GetBytes($$"""{"y":{"data_offsets":[0,{{values.Length * 4}}],"dtype":"F32","shape":[{{values.Length}}]} }""");
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. Raw(values)];
    }
}
