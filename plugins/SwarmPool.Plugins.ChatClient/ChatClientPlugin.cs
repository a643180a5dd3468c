using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using SwarmPool.Plugins.ChatClient;

[assembly: SwarmPoolPlugin(typeof(ChatClientPlugin))]

namespace SwarmPool.Plugins.ChatClient;

/// <summary>The plugin's entry point: what its section says, by <see cref="ChatClientBuilderExtensions.UseChatClient(ISwarmPoolBuilder, IConfigurationSection)"/>.</summary>
public sealed class ChatClientPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseChatClient(section);
}
