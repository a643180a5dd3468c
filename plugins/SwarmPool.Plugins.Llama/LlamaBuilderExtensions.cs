using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Llama;

/// <summary>Fills the inference backend slot with llama.cpp, by LLamaSharp.</summary>
/// <remarks>
/// Options are checked when the host starts (<see cref="OptionsValidationException"/>); models and native library when the backend is first
/// asked to describe itself (<see cref="InferenceException"/>). llama.cpp is loaded once for the whole process: the first backend's
/// <see cref="LlamaOptions.Natives"/> and <see cref="LlamaOptions.CpuBuild"/> decide, and another that wants others is told so.
/// </remarks>
public static class LlamaBuilderExtensions
{
    /// <summary>Fills the inference backend slot with llama.cpp.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; null keeps the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The slot is filled already.</exception>
    public static ISwarmPoolBuilder UseLlama(this ISwarmPoolBuilder builder, Action<LlamaOptions>? configure = null) =>
        builder.AddSlotOptions<LlamaOptions, LlamaOptionsCheck>(configure).FillBackend();

    /// <summary>Fills the inference backend slot as a configuration section says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section; its keys are those of <see cref="LlamaOptions"/>. Another key is an error when the host starts.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The slot is filled already.</exception>
    public static ISwarmPoolBuilder UseLlama(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<LlamaOptions, LlamaOptionsCheck>(section, static (from, options) => from.Bind(options)).FillBackend();

    private static ISwarmPoolBuilder FillBackend(this ISwarmPoolBuilder builder)
    {
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<IInferenceBackend>("llama.cpp inference backend", services => new LlamaBackend(
            services.GetRequiredService<IOptions<LlamaOptions>>().Value,
            baseDirectory,
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetRequiredService<ILogger<LlamaBackend>>()));
    }
}
