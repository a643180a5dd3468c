using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Inference;
using SwarmPool.Plugins;

namespace CustomBackend;

/// <summary>Offers programs as models.</summary>
public static class ProgramBuilderExtensions
{
    /// <summary>Fills the <see cref="IInferenceBackend"/> slot with programs that are run for each job; code sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options. They are checked when the host starts.</param>
    public static ISwarmPoolBuilder UsePrograms(this ISwarmPoolBuilder builder, Action<ProgramOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddSlotOptions<ProgramOptions, ProgramOptionsCheck>(configure).FillBackend();
    }

    /// <summary>Fills the <see cref="IInferenceBackend"/> slot as a section of the configuration says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The plugin's section. A key that no option has is an error when the host starts.</param>
    public static ISwarmPoolBuilder UsePrograms(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<ProgramOptions, ProgramOptionsCheck>(section, ConfigurationBinder.Bind).FillBackend();

    private static ISwarmPoolBuilder FillBackend(this ISwarmPoolBuilder builder)
    {
        var folder = builder.BaseDirectory;
        return builder.Fill<IInferenceBackend>("Programs as inference backend", services => new ProgramBackend(
            services.GetRequiredService<IOptions<ProgramOptions>>().Value, folder, services.GetService<TimeProvider>() ?? TimeProvider.System));
    }
}
