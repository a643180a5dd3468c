using CsCheck;
using SwarmPool.Plugins.Ipfs.InlineContents;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests.InlineContents;

public sealed class EnvelopeTests
{
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 300];

    [Fact]
    public void What_is_sealed_is_opened_whatever_it_is() => Gen.Select(Bytes, Bytes.Array[0, Envelope.MaxContents]).Sample((message, enclosed) =>
    {
        var payload = Envelope.Seal(message, [.. enclosed.Select(one => (ReadOnlyMemory<byte>)one)]);
        Assert.NotEqual(0, payload.Length); // Some nodes refuse to publish nothing.
        Assert.True(Envelope.TryOpen(payload, out var opened, out var out_));
        Assert.Equal(message, opened.ToArray());
        Assert.Equal(enclosed, out_.Select(one => one.ToArray()));
    });

    [Fact]
    public void Anything_may_come_and_nothing_is_thrown() => Bytes.Sample(payload =>
    {
        if (Envelope.TryOpen(payload, out var message, out var contents))
        {
            Assert.True(message.Length + contents.Sum(one => one.Length) <= payload.Length);
        }
    });

    [Fact]
    public void Too_many_and_too_much_are_refused()
    {
        ReadOnlyMemory<byte> one = new byte[1];
        Assert.False(Envelope.TryOpen(Envelope.Seal(one, [.. Enumerable.Repeat(one, Envelope.MaxContents + 1)]), out _, out _));
        Assert.False(Envelope.TryOpen(Envelope.Seal(one, [new byte[Envelope.MaxContentBytes + 1]]), out _, out _));
    }

    [Fact]
    public void A_message_takes_along_what_it_names_and_what_that_names_and_the_other_side_has_it()
    {
        var (sender, receiver) = (new InlineContent(16_384), new InlineContent(16_384));
        var input = Put(sender, "the input"u8.ToArray());
        var job = Put(sender, System.Text.Encoding.ASCII.GetBytes($$"""{"input_cid":"{{input}}"}"""));
        var unnamed = Put(sender, "something else"u8.ToArray());
        var large = Put(sender, new byte[16_385]);
        var message = System.Text.Encoding.ASCII.GetBytes($$"""{"items":[{"cid":"{{job}}"},{"cid":"{{large}}"},{"cid":"{{Cid.OfBlock([1])}}"}]}""");
        Assert.True(receiver.TryOpen(sender.Seal(message), out var opened));
        Assert.Equal(message, opened.ToArray());
        Assert.True(receiver.TryGet(job, out _));
        Assert.True(receiver.TryGet(input, out var got));
        Assert.Equal("the input"u8.ToArray(), got.ToArray());
        Assert.False(receiver.TryGet(unnamed, out _));
        Assert.False(receiver.TryGet(large, out _));
    }

    [Fact]
    public void What_a_message_does_not_name_is_not_kept_and_a_flood_pushes_out_nothing_of_ours()
    {
        var inline = new InlineContent(16_384);
        var mine = Put(inline, "mine"u8.ToArray());
        for (var i = 0; i < 3000; i++)
        {
            var content = new byte[16_384];
            BitConverter.TryWriteBytes(content, i);
            var named = System.Text.Encoding.ASCII.GetBytes($"{Cid.OfBlock(content)}");
            Assert.True(inline.TryOpen(Envelope.Seal(named, [content, new byte[] { 1, 2, 3 }]), out _));
        }

        Assert.True(inline.TryGet(mine, out _));
        Assert.False(inline.TryGet(Cid.OfBlock([1, 2, 3]), out _));
    }

    [Fact]
    public void Without_room_nothing_travels()
    {
        var inline = new InlineContent(0);
        var content = Put(inline, [1]);
        ReadOnlyMemory<byte> message = System.Text.Encoding.ASCII.GetBytes($"{content}");
        Assert.Equal(message.ToArray(), inline.Seal(message).ToArray());
        Assert.True(inline.TryOpen(Envelope.Seal(message, [new byte[] { 1 }]), out _));
        Assert.False(inline.TryGet(content, out _));
    }

    private static Cid Put(InlineContent inline, byte[] content)
    {
        var cid = ContentAddress.Of(content);
        inline.Remember(cid, content);
        return cid;
    }
}
