namespace SwarmPool.Plugins.Onnx.Devices;

/// <summary>A GPU as its driver tells of it.</summary>
/// <param name="Name">E.g. "NVIDIA H100 80GB HBM3".</param>
/// <param name="MemoryBytes">Its memory.</param>
internal sealed record Gpu(string Name, long MemoryBytes);

/// <summary>The GPUs of this machine.</summary>
/// <param name="Gpus">In the driver's order; may be empty.</param>
/// <param name="WhyNone">Why there are none, for people; empty when there are.</param>
internal sealed record GpuInventory(IReadOnlyList<Gpu> Gpus, string WhyNone)
{
    public static GpuInventory None(string why) => new([], why);
}
