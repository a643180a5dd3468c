using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.State;

namespace Company.Plugin1;

/// <summary>For programs that compose in code; the plugin folder comes the same way.</summary>
public static class JournalBuilderExtensions
{
    /// <summary>Fills the <see cref="IPoolJournal"/> slot.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseFileJournal(this ISwarmPoolBuilder builder, Action<JournalOptions>? configure = null)
    {
        builder.Services.AddOptions<JournalOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JournalOptions>, JournalOptionsCheck>());
        var folder = builder.BaseDirectory;
        return builder.Fill<IPoolJournal>("Company.Plugin1 journal", services => new FileJournal(
            Path.GetFullPath(services.GetRequiredService<IOptions<JournalOptions>>().Value.Folder, folder), services.GetRequiredService<TimeProvider>()));
    }
}
