using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.ChatClient;

/// <summary>Fills the inference backend slot with what passes jobs on to servers, or to clients in code.</summary>
/// <remarks>
/// Options are checked when the host starts (<see cref="OptionsValidationException"/>), model folders when the backend is first asked to
/// describe itself, and servers when a job is passed on (<see cref="InferenceException"/>). A model whose <c>endpoint.kind</c> is
/// <c>code</c> is served by the <see cref="IChatClient"/> or <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c> that
/// <see cref="ISwarmPoolBuilder.Services"/> has as a keyed singleton under <c>endpoint.key</c>.
/// </remarks>
public static class ChatClientBuilderExtensions
{
    /// <summary>Fills the inference backend slot; code sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; null keeps the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The slot is filled already.</exception>
    public static ISwarmPoolBuilder UseChatClient(this ISwarmPoolBuilder builder, Action<ChatClientOptions>? configure = null) =>
        builder.AddSlotOptions<ChatClientOptions, ChatClientOptionsCheck>(configure).FillBackend();

    /// <summary>Fills the inference backend slot as a configuration section says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section; its keys are those of <see cref="ChatClientOptions"/>. Another key is an error when the host starts.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The slot is filled already.</exception>
    public static ISwarmPoolBuilder UseChatClient(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<ChatClientOptions, ChatClientOptionsCheck>(section, static (from, options) => from.Bind(options)).FillBackend();

    private static ISwarmPoolBuilder FillBackend(this ISwarmPoolBuilder builder)
    {
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<IInferenceBackend>("Chat client inference backend", services => new ChatClientBackend(
            services.GetRequiredService<IOptions<ChatClientOptions>>().Value,
            baseDirectory,
            services,
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetRequiredService<ILogger<ChatClientBackend>>()));
    }
}
