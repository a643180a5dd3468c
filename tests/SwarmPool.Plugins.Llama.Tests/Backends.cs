using System.Text;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Llama.Tests;

internal static class Backends
{
    public static IInferenceBackend Over(string models, Action<LlamaOptions>? configure = null) => Over(new TestBuilder(models), models, configure);

    public static IInferenceBackend Over(TestBuilder builder, string models, Action<LlamaOptions>? configure = null)
    {
        builder.UseLlama(options =>
        {
            options.Models = models;
            options.Threads = 1;
            options.BlockTokens = 16;
            configure?.Invoke(options);
        });
        return builder.Build();
    }

    public static async Task<ITokenModel> TokensAsync(this IInferenceBackend backend, string model = TinyModels.Name) =>
        await backend.OpenTokensAsync(model, default) ?? throw new InvalidOperationException("It shows no tokens.");

    public static async Task<int[]> EncodeAsync(this ITokenModel model, string text) => (await model.EncodeAsync(TokenPrompt.OfText(text), default)).ToArray();

    public static async Task<float[]> AfterAsync(this ITokenModel model, params int[] tokens)
    {
        await using var sequence = await model.BeginAsync(default);
        return (await sequence.AppendAsync(tokens, default)).ToArray();
    }

    public static string Text(this ITokenModel model, IEnumerable<int> tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(token => model.BytesOf(token).ToArray())]);

    public static InferenceRequest Embedding(string input) => new(TinyModels.Name, "text-embedding", Encoding.UTF8.GetBytes(input));

    /// <summary>The tree's folder.</summary>
    public static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SwarmPool.Framework.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
