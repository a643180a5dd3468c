using System.Buffers;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>Grows with what is written, and no further than allowed: an answer that would be too large ends while it is written.</summary>
internal sealed class BoundedBuffer(int mostBytes) : IBufferWriter<byte>
{
    private readonly ArrayBufferWriter<byte> inner = new();

    public ReadOnlyMemory<byte> Written => inner.WrittenMemory;

    public void Advance(int count)
    {
        if (inner.WrittenCount + (long)count > mostBytes)
        {
            throw OnnxFault.Refuse(OnnxFault.OutputTooLarge, $"The answer has more than {mostBytes} bytes (max_output_bytes). Send a smaller input, or let the model give less.");
        }

        inner.Advance(count);
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
}
