using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins;

/// <summary>One of several slots that a plugin fills from one section of the configuration.</summary>
/// <param name="Name">What the section's key <c>slots</c> calls it: "journal".</param>
/// <param name="OptionsType">The options that it reads from the section. Their keys are known even where the slot is not asked for.</param>
/// <param name="Fill">Adds the options from the section and fills the slot; called when the slot is asked for.</param>
public sealed record SectionSlot(string Name, Type OptionsType, Action<ISwarmPoolBuilder, IConfigurationSection> Fill);
