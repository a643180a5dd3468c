using System.Buffers.Binary;

namespace SwarmPool.Plugins.Ens.Abi;

/// <summary>Writes calls of contracts: the function's selector, its arguments in words, and behind them what has no fixed length.</summary>
internal static class AbiCall
{
    public const int WordBytes = 32;
    public const int SelectorBytes = 4;

    public static byte[] Encode(uint selector, params ReadOnlySpan<AbiArgument> arguments)
    {
        var size = SelectorBytes + (arguments.Length * WordBytes);
        foreach (var argument in arguments)
        {
            size += argument.IsBytes ? WordBytes + Padded(argument.Data.Length) : 0;
        }

        var call = new byte[size];
        BinaryPrimitives.WriteUInt32BigEndian(call, selector);
        var body = call.AsSpan(SelectorBytes);
        var tail = arguments.Length * WordBytes;
        for (var i = 0; i < arguments.Length; i++)
        {
            var place = body.Slice(i * WordBytes, WordBytes);
            var data = arguments[i].Data;
            if (!arguments[i].IsBytes)
            {
                data.CopyTo(place);
                continue;
            }

            BinaryPrimitives.WriteInt32BigEndian(place[28..], tail);
            BinaryPrimitives.WriteInt32BigEndian(body.Slice(tail + 28, 4), data.Length);
            data.CopyTo(body[(tail + WordBytes)..]);
            tail += WordBytes + Padded(data.Length);
        }

        return call;
    }

    private static int Padded(int length) => (length + WordBytes - 1) / WordBytes * WordBytes;
}
