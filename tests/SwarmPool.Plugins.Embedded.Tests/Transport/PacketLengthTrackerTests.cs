using CsCheck;
using SwarmPool.Plugins.Embedded.Transport.Mqtt;

namespace SwarmPool.Plugins.Embedded.Tests.Transport;

public sealed class PacketLengthTrackerTests
{
    private const int Limit = 1000;

    [Fact]
    public void Packets_within_the_limit_pass_however_they_are_cut_and_one_beyond_is_seen() =>
        Gen.Select(Gen.Int[0, Limit].Array[0, 8], Gen.Int[Limit + 1, 268_435_455], Gen.Int[1, 50]).Sample((sizes, tooLarge, cut) =>
        {
            var meter = new PacketLengthTracker(Limit);
            var stream = sizes.SelectMany(size => Header(size).Concat(new byte[size])).ToArray();
            Assert.All(stream.Chunk(cut), chunk => Assert.True(meter.Pass(chunk)));
            Assert.False(meter.Pass([.. Header(tooLarge)]));
        });

    [Fact]
    public void A_length_of_five_bytes_is_malformed() =>
        Assert.False(new PacketLengthTracker(Limit).Pass([0x30, 0x80, 0x80, 0x80, 0x80, 0x00]));

    private static IEnumerable<byte> Header(int size)
    {
        yield return 0x30;
        do
        {
            yield return (byte)((size & 0x7F) | (size > 0x7F ? 0x80 : 0));
            size >>= 7;
        }
        while (size > 0);
    }
}
