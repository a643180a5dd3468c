using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.State;

namespace Company.Plugin1;

/// <summary>Fills the slot: for programs that compose in code, and for the plugin's entry point.</summary>
public static class JournalBuilderExtensions
{
    /// <summary>Fills the <see cref="IPoolJournal"/> slot; code sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseFileJournal(this ISwarmPoolBuilder builder, Action<JournalOptions>? configure = null) =>
        builder.AddSlotOptions<JournalOptions, JournalOptionsCheck>(configure).FillSlot();

    /// <summary>Fills the <see cref="IPoolJournal"/> slot; the configuration sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The plugin's section. A key that no option has is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseFileJournal(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<JournalOptions, JournalOptionsCheck>(section, ConfigurationBinder.Bind).FillSlot();

    private static ISwarmPoolBuilder FillSlot(this ISwarmPoolBuilder builder)
    {
        var folder = builder.BaseDirectory;
        return builder.Fill<IPoolJournal>("Company.Plugin1 journal", services => new FileJournal(
            Path.GetFullPath(services.GetRequiredService<IOptions<JournalOptions>>().Value.Folder, folder), services.GetRequiredService<TimeProvider>()));
    }
}
