using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace SwarmPool.Plugins;

/// <summary>The options of what fills a slot: set in code or by a section of the configuration, and validated when the host starts.</summary>
/// <remarks>Not thread-safe; used while the host is built. Whatever is wrong with any options is reported at once, as <see cref="OptionsValidationException"/>.</remarks>
public static class SlotOptionsExtensions
{
    /// <summary>Adds options that code sets.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <typeparam name="TCheck">What validates them; one instance, however often the options are added.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; null keeps what they are.</param>
    /// <returns>The builder.</returns>
    public static ISwarmPoolBuilder AddSlotOptions<TOptions, TCheck>(this ISwarmPoolBuilder builder, Action<TOptions>? configure = null)
        where TOptions : class
        where TCheck : class, IValidateOptions<TOptions>
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, TCheck>());
        var options = builder.Services.AddOptions<TOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return builder;
    }

    /// <summary>
    /// Adds options that a section of the configuration sets. A value that can't be read is an error when the host starts, and so is a
    /// key that no options which are added for this section have, below the section's own keys too (<c>tls:ca_file</c>).
    /// </summary>
    /// <typeparam name="TOptions">
    /// The options. A key is called as the property's <see cref="ConfigurationKeyNameAttribute"/> says, else as the property.
    /// </typeparam>
    /// <typeparam name="TCheck">What validates them; one instance, however often the options are added.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section. Options of several slots may be read from the same one.</param>
    /// <param name="bind">
    /// Reads a configuration into the options: <c>ConfigurationBinder.Bind</c>, or where the binder's source generator is on, a lambda
    /// that calls it. It is called for each key by itself, so that one bad value does not hide the next; a value that it can't read
    /// is an <see cref="InvalidOperationException"/>, as the binder throws it.
    /// </param>
    /// <returns>The builder.</returns>
    public static ISwarmPoolBuilder AddSlotOptions<TOptions, TCheck>(
        this ISwarmPoolBuilder builder, IConfigurationSection section, Action<IConfiguration, TOptions> bind)
        where TOptions : class, new()
        where TCheck : class, IValidateOptions<TOptions>
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(bind);
        var reader = new SectionReader<TOptions>(section, bind);
        builder.AddSlotOptions<TOptions, TCheck>(reader.Configure);
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(reader);
        return builder.AddSectionKeys(section, keys => keys.OptionsTypes.Add(typeof(TOptions)));
    }

    /// <summary>
    /// Fills the slots that a section asks for: all that the plugin has, or those that the section's key <c>slots</c> lists. A name
    /// there that the plugin does not have is an error when the host starts.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section, which all slots read their options from.</param>
    /// <param name="slots">The slots that the plugin has, one or more.</param>
    /// <returns>The builder.</returns>
    public static ISwarmPoolBuilder FillSlots(this ISwarmPoolBuilder builder, IConfigurationSection section, IReadOnlyList<SectionSlot> slots)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(slots);
        builder.AddSectionKeys(section, keys =>
        {
            keys.SlotNames.UnionWith(slots.Select(static slot => slot.Name));
            keys.OptionsTypes.UnionWith(slots.Select(static slot => slot.OptionsType));
        });
        var asked = SectionKeys.SlotsIn(section);
        foreach (var slot in slots.Where(slot => asked.Count == 0 || asked.Contains(slot.Name, StringComparer.Ordinal)))
        {
            slot.Fill(builder, section);
        }

        return builder;
    }

    // Named by the section, so that what several slots read from one section is known together.
    private static ISwarmPoolBuilder AddSectionKeys(this ISwarmPoolBuilder builder, IConfigurationSection section, Action<SectionKeys> add)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SectionKeys>, SectionKeysCheck>());
        builder.Services.AddOptions<SectionKeys>(section.Path).ValidateOnStart().Configure(keys =>
        {
            keys.Section = section;
            add(keys);
        });
        return builder;
    }
}
