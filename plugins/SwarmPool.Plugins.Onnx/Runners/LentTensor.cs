using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>A tensor lent to ONNX Runtime, pinned as long as this lives; what is written to its array meanwhile is seen by the next run. Texts are copied.</summary>
internal sealed class LentTensor : IDisposable
{
    private GCHandle pin;

    public LentTensor(ModelTensor tensor)
    {
        long[] shape = [.. tensor.Shape];
        if (tensor.Data is string[] texts)
        {
            Value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
            for (var i = 0; i < texts.Length; i++)
            {
                Value.StringTensorSetElementAt(texts[i].AsSpan(), i);
            }

            return;
        }

        pin = GCHandle.Alloc(tensor.Data, GCHandleType.Pinned);
        Value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, OrtTensors.ElementOf(tensor.Type), shape, pin.AddrOfPinnedObject(), tensor.Data.LongLength * OrtTensors.Size(tensor.Type));
    }

    public OrtValue Value { get; }

    public void Dispose()
    {
        Value.Dispose();
        if (pin.IsAllocated)
        {
            pin.Free();
        }
    }
}
