using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins.Onnx;

/// <summary>How the ONNX backend runs models. Checked at start; the message names each bad key and its range.</summary>
public sealed class OnnxOptions
{
    /// <summary>
    /// The folder that holds one folder per model, each with its model.json. Relative paths start at the configuration
    /// file's folder. The default is "models".
    /// </summary>
    [ConfigurationKeyName("models")]
    public string Models { get; set; } = "models";

    /// <summary>What models are run on: auto, cuda or cpu. The default is auto.</summary>
    [ConfigurationKeyName("device")]
    public OnnxDevice Device { get; set; } = OnnxDevice.Auto;

    /// <summary>
    /// Threads within one run, 1 to 256. The default is 1: one caller per core uses a CPU best, and another
    /// number of threads changes the last bits of results.
    /// </summary>
    [ConfigurationKeyName("intra_op_threads")]
    public int IntraOpThreads { get; set; } = 1;

    /// <summary>Runs at the same time, 1 to 1024; more wait. The default is the number of processors.</summary>
    [ConfigurationKeyName("max_parallel")]
    public int MaxParallel { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 1024);

    /// <summary>
    /// How long, in milliseconds, an input waits for others of the same shape to be run with it at once: 0 to 1,000. The default is 0: none waits. Only models
    /// whose manifest says <c>batch</c> are run so, and only as many inputs as the miner does jobs at a time.
    /// </summary>
    [ConfigurationKeyName("batch_milliseconds")]
    public int BatchMilliseconds { get; set; }

    /// <summary>The most inputs that are run at once, 2 to 1,024; when so many are there, none waits any longer. The default is 8.</summary>
    [ConfigurationKeyName("batch_size")]
    public int BatchSize { get; set; } = 8;

    /// <summary>The largest input in bytes, 1 to 1,073,741,824 (1 GiB). The default is 16,777,216 (16 MiB).</summary>
    [ConfigurationKeyName("max_input_bytes")]
    public int MaxInputBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// The most bytes that the inputs of a run may have as tensors, and its outputs, 1,048,576 (1 MiB) to 2,147,483,647. The default is
    /// 268,435,456 (256 MiB). They are counted before they are copied.
    /// </summary>
    [ConfigurationKeyName("max_tensor_bytes")]
    public int MaxTensorBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>The largest answer in bytes, 1,024 (1 KiB) to 1,073,741,824 (1 GiB). The default is 16,777,216 (16 MiB), as pools take it.</summary>
    [ConfigurationKeyName("max_output_bytes")]
    public int MaxOutputBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// The most bytes of the CPU's memory that ONNX Runtime takes in this process, for weights and runs together: 67,108,864 (64 MiB) to
    /// 4,294,967,295, or 0 for no bound. The default is 4,294,967,295. A run that would take more fails. The first backend of a process sets it.
    /// </summary>
    [ConfigurationKeyName("max_memory_bytes")]
    public long MaxMemoryBytes { get; set; } = uint.MaxValue;
}
