using SwarmPool.ModelSteps;

namespace SwarmPool.Abstractions.Tests.ModelSteps;

public sealed class ModelTensorTests
{
    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(-2.5f, 0xC020)]
    [InlineData(1.00390625f, 0x3F80)] // Halfway between two: the even one.
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(float.MaxValue, 0x7F80)] // Beyond the largest: infinity.
    [InlineData(float.PositiveInfinity, 0x7F80)]
    [InlineData(-0f, 0x8000)]
    public void AFloatBecomesTheNearest(float value, int bits) => Assert.Equal((ushort)bits, BFloat16.From(value).Bits);

    [Fact]
    public void EveryOneComesBackAsItIs()
    {
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var value = new BFloat16((ushort)bits).ToSingle();
            if (float.IsNaN(value))
            {
                Assert.True(float.IsNaN(BFloat16.From(value).ToSingle()));
            }
            else
            {
                Assert.Equal((ushort)bits, BFloat16.From(value).Bits);
            }
        }
    }

    [Fact]
    public void EveryTypeHasAnArrayAndBecomesFloats()
    {
        (TensorType Type, Array Data)[] all =
        [
            (TensorType.Float32, new float[] { 2 }), (TensorType.Float64, new double[] { 2 }), (TensorType.Float16, new[] { (Half)2 }), (TensorType.BFloat16, new[] { BFloat16.From(2) }),
            (TensorType.Int8, new sbyte[] { 2 }), (TensorType.UInt8, new byte[] { 2 }), (TensorType.Int16, new short[] { 2 }), (TensorType.UInt16, new ushort[] { 2 }),
            (TensorType.Int32, new int[] { 2 }), (TensorType.UInt32, new uint[] { 2 }), (TensorType.Int64, new long[] { 2 }), (TensorType.UInt64, new ulong[] { 2 }),
        ];
        Assert.All(all, static one =>
        {
            var tensor = new ModelTensor([1, 1], one.Data);
            Assert.Equal((one.Type, 2f), (tensor.Type, Assert.Single(tensor.ToFloats())));
        });
        Assert.Equal([1f, 0f], new ModelTensor([2], new[] { true, false }).ToFloats());
        Assert.Throws<InvalidOperationException>(static () => new ModelTensor([1], new[] { "2" }).ToFloats());
        Assert.Equal(Enum.GetValues<TensorType>().Length, all.Length + 2);
    }

    [Fact]
    public void ShapeAndDataBelongTogether()
    {
        Assert.Throws<ArgumentException>(static () => new ModelTensor([2, 2], new float[3]));
        Assert.Throws<ArgumentException>(static () => new ModelTensor([-1, -3], new float[3]));
        Assert.Throws<ArgumentException>(static () => new ModelTensor([1], new decimal[1]));
        Assert.Single(new ModelTensor([], new float[1]).Data);
        Assert.Empty(new ModelTensor([0, 5], Array.Empty<long>()).Data);
    }

    [Fact]
    public void ASpecSaysWhatItAllows()
    {
        var spec = new TensorSpec("x", TensorType.BFloat16, [-1, 3]);
        Assert.Equal("bfloat16[n,3]", spec.ToString());
        Assert.True(spec.Allows([7, 3]));
        Assert.False(spec.Allows([0, 3]));
        Assert.False(spec.Allows([7, 4]));
        Assert.False(spec.Allows([7, 3, 1]));
        Assert.Equal(TensorType.String, TensorSpec.TypesByName["string"]);
    }
}
