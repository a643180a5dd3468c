namespace SwarmPool.Plugins.Onnx.Weights;

/// <summary>
/// Takes what a model keeps in other files into the model, wherever a tensor may be in it. ONNX Runtime gets one piece of memory, all of it
/// checked, and opens no file: of a model in memory it would look for them in the current folder.
/// </summary>
internal static class SelfContainedModel
{
    /// <summary>As deep as protobuf's own readers go.</summary>
    private const int MaxDepth = 100;

    /// <summary>The model with all its numbers in it; the very same bytes when they are.</summary>
    /// <param name="model">An ONNX file.</param>
    /// <param name="read">The bytes of a tensor that is in another file.</param>
    /// <exception cref="InvalidDataException">This is no ONNX file, or it is too large when all is in it; or what <paramref name="read"/> throws.</exception>
    public static byte[] Make(byte[] model, Func<ExternalTensor, ReadOnlyMemory<byte>> read)
    {
        if (Rewritten(model, ModelPart.Model, read, depth: 0) is not { } pieces)
        {
            return model;
        }

        var whole = new byte[Size(pieces)];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(whole.AsMemory(at));
            at += piece.Length;
        }

        return whole;
    }

    /// <summary>The tensors of a model that are in other files.</summary>
    /// <exception cref="InvalidDataException">This is no ONNX file.</exception>
    public static IReadOnlyList<ExternalTensor> Externals(ReadOnlyMemory<byte> model)
    {
        var found = new List<ExternalTensor>();
        _ = Rewritten(model, ModelPart.Model, tensor =>
        {
            found.Add(tensor);
            return ReadOnlyMemory<byte>.Empty;
        }, depth: 0);
        return found;
    }

    // Null when nothing in it is to be changed.
    private static List<ReadOnlyMemory<byte>>? Rewritten(ReadOnlyMemory<byte> message, ModelPart part, Func<ExternalTensor, ReadOnlyMemory<byte>> read, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException($"it is nested more than {MaxDepth} deep");
        }

        if (part == ModelPart.Tensor)
        {
            return ExternalTensor.Read(message) is { } external ? Filled(message, read(external)) : null;
        }

        List<ReadOnlyMemory<byte>>? pieces = null;
        for (var fields = new WireReader(message); fields.Next(out var field);)
        {
            var inside = field.IsBytes ? ModelParts.Inside(part, field.Number) : ModelPart.None;
            if (inside != ModelPart.None && Rewritten(field.Content, inside, read, depth + 1) is { } changed)
            {
                pieces ??= [message[..field.Start]];
                pieces.Add(Header(field.Number, Size(changed)));
                pieces.AddRange(changed);
            }
            else
            {
                pieces?.Add(field.Whole);
            }
        }

        return pieces;
    }

    // What the tensor is, without numbers and places that it might have beside, and the numbers.
    private static List<ReadOnlyMemory<byte>> Filled(ReadOnlyMemory<byte> tensor, ReadOnlyMemory<byte> numbers)
    {
        const int RawData = 9;
        var pieces = new List<ReadOnlyMemory<byte>>();
        for (var fields = new WireReader(tensor); fields.Next(out var field);)
        {
            if (field.Number is 1 or 2 or 8)
            {
                pieces.Add(field.Whole);
            }
        }

        pieces.Add(Header(RawData, numbers.Length));
        pieces.Add(numbers);
        return pieces;
    }

    private static int Size(List<ReadOnlyMemory<byte>> pieces)
    {
        var size = pieces.Sum(static piece => (long)piece.Length);
        return size <= int.MaxValue ? (int)size : throw new InvalidDataException($"with the weights of its other files it has {size} bytes; at most {int.MaxValue} can be loaded");
    }

    private static ReadOnlyMemory<byte> Header(uint field, int length)
    {
        var bytes = new List<byte>(11);
        Varint(bytes, (field << 3) | 2);
        Varint(bytes, (uint)length);
        return bytes.ToArray();
    }

    private static void Varint(List<byte> target, uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target.Add((byte)(value | 0x80));
        }

        target.Add((byte)value);
    }
}
