using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SwarmPool.Inference;
using SwarmPool.Plugins;

namespace CustomBackend;

/// <summary>Puts own programs into a miner.</summary>
public static class ProgramBuilderExtensions
{
    /// <summary>Fills the <see cref="IInferenceBackend"/> slot with programs that are run for each job.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options. They are checked when the host starts.</param>
    public static ISwarmPoolBuilder UsePrograms(this ISwarmPoolBuilder builder, Action<ProgramOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddOptions<ProgramOptions>().Configure(configure).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProgramOptions>, ProgramOptionsCheck>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        var folder = builder.BaseDirectory;
        return builder.Fill<IInferenceBackend>("Programs as inference backend", services => new ProgramBackend(
            services.GetRequiredService<IOptions<ProgramOptions>>().Value, folder, services.GetRequiredService<TimeProvider>()));
    }
}
