using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins.Llama;

/// <summary>How the llama.cpp backend runs models. Checked at start; the message names each bad key and its range.</summary>
public sealed class LlamaOptions
{
    /// <summary>
    /// The folder that holds one folder per model, each with its model.json. Relative paths start at the configuration
    /// file's folder. The default is "models".
    /// </summary>
    [ConfigurationKeyName("models")]
    public string Models { get; set; } = "models";

    /// <summary>Threads that compute one token, 1 to 256. The default is half the processors, at least 1. Part of the numeric class.</summary>
    [ConfigurationKeyName("threads")]
    public int Threads { get; set; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 256);

    /// <summary>
    /// Sequences of one model that are under way at once, 1 to 64; more wait. The default is 2. Each has the memory of a whole context;
    /// they take turns token by token.
    /// </summary>
    [ConfigurationKeyName("max_sequences")]
    public int MaxSequences { get; set; } = 2;

    /// <summary>
    /// How many of a prompt's tokens are computed at once, 16 to 2,048. The default is 128. What two prompts have in common is computed
    /// once, by whole blocks of so many. Part of the numeric class.
    /// </summary>
    [ConfigurationKeyName("block_tokens")]
    public int BlockTokens { get; set; } = 128;

    /// <summary>Layers that a GPU computes, 0 to 1,000. The default is 0: the CPU alone. Needs <see cref="Natives"/> of a GPU build.</summary>
    [ConfigurationKeyName("gpu_layers")]
    public int GpuLayers { get; set; }

    /// <summary>
    /// Which of the CPU builds runs: "auto", the default, for the best that this processor has, else "noavx", "avx", "avx2" or "avx512".
    /// Part of the numeric class: with "avx2" more machines have one class.
    /// </summary>
    [ConfigurationKeyName("cpu_build")]
    public string CpuBuild { get; set; } = "auto";

    /// <summary>
    /// A folder with another build of llama.cpp's libraries of the version that LLamaSharp 0.30.0 is made for (libllama, libggml and so on),
    /// e.g. one for CUDA. Relative paths start at the configuration file's folder. Empty, the default: those that came with the plugin.
    /// </summary>
    [ConfigurationKeyName("natives")]
    public string Natives { get; set; } = "";

    /// <summary>The largest input of a job in bytes, 1 to 1,073,741,824 (1 GiB). The default is 16,777,216 (16 MiB).</summary>
    [ConfigurationKeyName("max_input_bytes")]
    public int MaxInputBytes { get; set; } = 16 * 1024 * 1024;
}
