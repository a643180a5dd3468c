using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx;

/// <summary>Puts the ONNX backend into a miner.</summary>
public static class OnnxBuilderExtensions
{
    /// <summary>Fills the inference backend slot with ONNX Runtime.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; null keeps the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The slot is filled already.</exception>
    /// <remarks>
    /// Options are checked when the host starts (<see cref="OptionsValidationException"/>); models and device when the
    /// backend is first asked to describe itself (<see cref="InferenceException"/>).
    /// </remarks>
    public static ISwarmPoolBuilder UseOnnx(this ISwarmPoolBuilder builder, Action<OnnxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptions<OnnxOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        options.ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OnnxOptions>, OnnxOptionsCheck>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<IInferenceBackend>("ONNX inference backend", services => new OnnxBackend(
            services.GetRequiredService<IOptions<OnnxOptions>>().Value,
            baseDirectory,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<OnnxBackend>>()));
    }
}
