using System.Runtime.InteropServices;
using System.Text;

namespace SwarmPool.Plugins.Onnx.Devices;

/// <summary>Asks NVIDIA's management library which GPUs there are. A machine without a driver is a plain "none".</summary>
/// <remarks>Source: NVML API reference (nvml.h): nvmlInit_v2, nvmlDeviceGetCount_v2, nvmlDeviceGetName, nvmlDeviceGetMemoryInfo.</remarks>
internal static unsafe class Nvml
{
    private const int Success = 0;
    private const int NameBytes = 96; // NVML_DEVICE_NAME_V2_BUFFER_SIZE

    public static GpuInventory Ask()
    {
        var library = OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1";
        if (!NativeLibrary.TryLoad(library, out var handle))
        {
            return GpuInventory.None($"no NVIDIA driver is installed ({library} is not there)");
        }

        try
        {
            return Ask(handle);
        }
        catch (EntryPointNotFoundException old)
        {
            return GpuInventory.None($"the NVIDIA driver is too old ({old.Message})");
        }
        finally
        {
            NativeLibrary.Free(handle);
        }
    }

    private static GpuInventory Ask(nint library)
    {
        var start = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "nvmlInit_v2");
        var stop = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "nvmlShutdown");
        var getCount = (delegate* unmanaged<uint*, int>)NativeLibrary.GetExport(library, "nvmlDeviceGetCount_v2");
        var started = start();
        if (started != Success)
        {
            return GpuInventory.None($"the NVIDIA driver does not answer (nvmlInit_v2 gave {started})");
        }

        try
        {
            uint count;
            var counted = getCount(&count);
            if (counted != Success)
            {
                return GpuInventory.None($"the NVIDIA driver can't count its GPUs (nvmlDeviceGetCount_v2 gave {counted})");
            }

            var gpus = new List<Gpu>();
            for (uint i = 0; i < count; i++)
            {
                if (Read(library, i) is { } gpu)
                {
                    gpus.Add(gpu);
                }
            }

            return gpus.Count > 0
                ? new GpuInventory(gpus, "")
                : GpuInventory.None($"the NVIDIA driver gives this process access to none of its {count} GPUs");
        }
        finally
        {
            _ = stop();
        }
    }

    private static Gpu? Read(nint library, uint index)
    {
        var getHandle = (delegate* unmanaged<uint, nint*, int>)NativeLibrary.GetExport(library, "nvmlDeviceGetHandleByIndex_v2");
        var getName = (delegate* unmanaged<nint, byte*, uint, int>)NativeLibrary.GetExport(library, "nvmlDeviceGetName");
        var getMemory = (delegate* unmanaged<nint, Memory*, int>)NativeLibrary.GetExport(library, "nvmlDeviceGetMemoryInfo");
        nint device;
        var name = stackalloc byte[NameBytes];
        if (getHandle(index, &device) != Success || getName(device, name, NameBytes) != Success)
        {
            return null; // A GPU that this process may not use.
        }

        Memory memory = default;
        var bytes = getMemory(device, &memory) == Success ? (long)memory.Total : 0;
        return new Gpu(Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)), bytes);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }
}
