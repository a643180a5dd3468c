using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>Numbers as their bytes, little-endian.</summary>
internal static class RawBytes
{
    public static byte[] Of(ReadOnlySpan<float> values)
    {
        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            for (var i = 0; i < values.Length; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
            }
        }

        return bytes;
    }
}
