using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OllamaSharp;
using OllamaSharp.Models.Chat;
using OpenAI;
using SwarmPool.Inference;
using SwarmPool.Plugins.ChatClient.Inputs;

namespace SwarmPool.Plugins.ChatClient.Upstream;

/// <summary>Makes the clients of one run: the maintained libraries over the run's own, bounded requests; or the client that the services have.</summary>
internal static class UpstreamClients
{
    private const string NoKey = "none"; // The library wants one; UpstreamCall takes it away.

    /// <exception cref="InferenceException">The services have no such client.</exception>
    public static IChatClient Chat(UpstreamEndpoint endpoint, HttpClient http, IServiceProvider services) => endpoint.Kind switch
    {
        UpstreamEndpoint.OpenAi => new OpenAI.Chat.ChatClient(endpoint.Model, Credential(endpoint), Options(endpoint, http)).AsIChatClient(),
        UpstreamEndpoint.Ollama => new OllamaApiClient(http, endpoint.Model),
        _ => InCode<IChatClient>(endpoint, services),
    };

    /// <exception cref="InferenceException">The services have no such generator.</exception>
    public static IEmbeddingGenerator<string, Embedding<float>> Embeddings(UpstreamEndpoint endpoint, HttpClient http, IServiceProvider services) => endpoint.Kind switch
    {
        UpstreamEndpoint.OpenAi => new OpenAI.Embeddings.EmbeddingClient(endpoint.Model, Credential(endpoint), Options(endpoint, http)).AsIEmbeddingGenerator(),
        UpstreamEndpoint.Ollama => new OllamaApiClient(http, endpoint.Model),
        _ => InCode<IEmbeddingGenerator<string, Embedding<float>>>(endpoint, services),
    };

    /// <summary>
    /// What is asked of a server. For one of OpenAI's kind the most tokens go by the name that all of them know, max_tokens; the library
    /// would write the newer one alone, which some pass over.
    /// </summary>
    public static ChatOptions Asking(UpstreamEndpoint endpoint, ChatInput input)
    {
        var options = input.ToOptions();
        if (endpoint.Kind == UpstreamEndpoint.OpenAi)
        {
            options.MaxOutputTokens = null;
            options.RawRepresentationFactory = _ =>
            {
                var raw = new OpenAI.Chat.ChatCompletionOptions();
#pragma warning disable SCME0001 // For evaluation, says the library; there is no other way to a key of one's own.
                raw.Patch.Set("$.max_tokens"u8, input.MaxTokens);
#pragma warning restore SCME0001
                return raw;
            };
        }

        return options;
    }

    /// <summary>How an answer ends that ends with this, in a word of ours; null: it goes on.</summary>
    public static string? Finish(ChatResponseUpdate update) => update.FinishReason?.Value switch
    {
        null => update.RawRepresentation is ChatResponseStream { Done: true } ? "stop" : null, // Ollama's older versions give no reason.
        "stop" or "length" or "content_filter" => update.FinishReason.Value.Value,
        _ => "other",
    };

    /// <summary>The run's requests, below the libraries. The run's own time limit ends them, not the client's.</summary>
    public static HttpClient Http(UpstreamEndpoint endpoint, UpstreamCall call) => new(call, disposeHandler: false)
    {
        BaseAddress = endpoint.Address,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static ApiKeyCredential Credential(UpstreamEndpoint endpoint) => new(endpoint.Secret ?? NoKey);

    private static OpenAIClientOptions Options(UpstreamEndpoint endpoint, HttpClient http) => new()
    {
        Endpoint = endpoint.Address,
        Transport = new HttpClientPipelineTransport(http),
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        NetworkTimeout = Timeout.InfiniteTimeSpan,
    };

    private static T InCode<T>(UpstreamEndpoint endpoint, IServiceProvider services)
        where T : class => services.GetKeyedService<T>(endpoint.Model)
            ?? throw ChatFault.Make(ChatFault.Unreachable, $"There is no {typeof(T).Name} with the key \"{endpoint.Model}\" among the builder's services. Add it as a keyed singleton, or correct endpoint.key in model.json.");
}
