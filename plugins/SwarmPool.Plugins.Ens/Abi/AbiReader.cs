using System.Buffers.Binary;
using System.Text;
using SwarmPool.Identity;

namespace SwarmPool.Plugins.Ens.Abi;

/// <summary>Reads what a contract gave. It may be anything: each offset and length is checked against what is there.</summary>
internal readonly ref struct AbiReader(ReadOnlySpan<byte> data)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> data = data;

    public bool TryAddress(int index, out EthAddress address)
    {
        var fits = TryWord(index, out var word) && word[..12].IndexOfAnyExcept((byte)0) < 0;
        address = fits ? new EthAddress(word[12..]) : default;
        return fits;
    }

    public bool TryBoolean(int index, out bool value)
    {
        var fits = TryWord(index, out var word) && word[..31].IndexOfAnyExcept((byte)0) < 0 && word[31] <= 1;
        value = fits && word[31] == 1;
        return fits;
    }

    /// <summary>A bytes4 at the beginning of its word.</summary>
    public bool TrySelector(int index, out uint selector)
    {
        var fits = TryWord(index, out var word);
        selector = fits ? BinaryPrimitives.ReadUInt32BigEndian(word) : 0;
        return fits;
    }

    public bool TryBytes(int index, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return TryOffset(index, out var offset) && TryBytesAt(data, offset, out bytes);
    }

    public bool TryText(int index, out string text)
    {
        text = "";
        return TryBytes(index, out var bytes) && TryUtf8(bytes, out text);
    }

    /// <summary>A <c>string[]</c> of at most <paramref name="most"/> texts.</summary>
    public bool TryTexts(int index, int most, out string[] texts)
    {
        texts = [];
        if (!TryOffset(index, out var offset) || !TryNumber(data, offset, out var count) || count > most)
        {
            return false;
        }

        var list = data[(offset + AbiCall.WordBytes)..];
        var read = new string[count];
        for (var i = 0; i < count; i++)
        {
            if (!TryNumber(list, i * AbiCall.WordBytes, out var place) || !TryBytesAt(list, place, out var bytes) || !TryUtf8(bytes, out read[i]))
            {
                return false;
            }
        }

        texts = read;
        return true;
    }

    private bool TryWord(int index, out ReadOnlySpan<byte> word)
    {
        var fits = data.Length >= (index + 1) * AbiCall.WordBytes;
        word = fits ? data.Slice(index * AbiCall.WordBytes, AbiCall.WordBytes) : default;
        return fits;
    }

    private bool TryOffset(int index, out int offset) => TryNumber(data, index * AbiCall.WordBytes, out offset);

    private static bool TryBytesAt(ReadOnlySpan<byte> data, int offset, out ReadOnlySpan<byte> bytes)
    {
        var fits = TryNumber(data, offset, out var length) && length <= data.Length - offset - AbiCall.WordBytes;
        bytes = fits ? data.Slice(offset + AbiCall.WordBytes, length) : default;
        return fits;
    }

    // A number that can be a place or a length in what is there; the subtraction keeps a large offset from running over.
    private static bool TryNumber(ReadOnlySpan<byte> data, int offset, out int number)
    {
        number = 0;
        if (offset > data.Length - AbiCall.WordBytes || data.Slice(offset, 28).IndexOfAnyExcept((byte)0) >= 0)
        {
            return false;
        }

        var value = BinaryPrimitives.ReadUInt32BigEndian(data[(offset + 28)..]);
        number = value <= int.MaxValue ? (int)value : 0;
        return value <= data.Length;
    }

    private static bool TryUtf8(ReadOnlySpan<byte> bytes, out string text)
    {
        try
        {
            text = Strict.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }
}
