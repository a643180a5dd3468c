using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Steps;

namespace SwarmPool.Plugins.Onnx;

/// <summary>Fills the inference backend slot with ONNX Runtime.</summary>
/// <remarks>
/// Options are checked when the host starts (<see cref="OptionsValidationException"/>); models and device when the
/// backend is first asked to describe itself (<see cref="InferenceException"/>). ONNX Runtime's telemetry is turned off for the whole
/// process (ORT_DISABLE_TELEMETRY).
/// </remarks>
public static class OnnxBuilderExtensions
{
    /// <summary>Fills the inference backend slot with ONNX Runtime.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; null keeps the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The slot is filled already, or ONNX Runtime's telemetry can't be turned off.</exception>
    public static ISwarmPoolBuilder UseOnnx(this ISwarmPoolBuilder builder, Action<OnnxOptions>? configure = null) =>
        builder.AddSlotOptions<OnnxOptions, OnnxOptionsCheck>(configure).FillBackend();

    /// <summary>Fills the inference backend slot as a configuration section says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section; its keys are those of <see cref="OnnxOptions"/>. Another key is an error when the host starts.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The slot is filled already, or ONNX Runtime's telemetry can't be turned off.</exception>
    public static ISwarmPoolBuilder UseOnnx(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<OnnxOptions, OnnxOptionsCheck>(section, static (from, options) => from.Bind(options)).FillBackend();

    private static ISwarmPoolBuilder FillBackend(this ISwarmPoolBuilder builder)
    {
        OrtTelemetry.TurnOff();
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<IInferenceBackend>("ONNX inference backend", services => new OnnxBackend(
            services.GetRequiredService<IOptions<OnnxOptions>>().Value,
            baseDirectory,
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            new StepKinds(services.GetServices<IPreprocessorKind>(), services.GetServices<IPostprocessorKind>()),
            services.GetRequiredService<ILogger<OnnxBackend>>()));
    }
}
