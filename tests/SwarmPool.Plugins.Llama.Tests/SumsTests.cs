using System.Globalization;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Llama.Tests;

/// <summary>The project's own language model on llama.cpp: it adds, with 16 bits a weight and with 4, and the two are told apart by their logits.</summary>
public sealed class SumsTests
{
    internal static string Folder { get; } = Path.Combine(Backends.Root(), "language-models");

    [Fact]
    public async Task It_adds_and_is_sure_of_it()
    {
        await using var backend = Backends.Over(Folder);
        await AddAsync(await backend.TokensAsync("sums"));
    }

    [Fact]
    public async Task With_4_bits_a_weight_it_adds_too_and_its_logits_are_others()
    {
        using var models = new TinyModels().Add("sums", File.ReadAllBytes(Path.Combine(Folder, "sums", "sums-q4.gguf")));
        await using var precise = Backends.Over(Folder);
        await using var coarse = Backends.Over(models.Folder);
        var (right, cheaper) = (await precise.TokensAsync("sums"), await coarse.TokensAsync("sums"));
        await AddAsync(cheaper);
        var prompt = await right.EncodeAsync("57+68=");
        Assert.Equal(prompt, await cheaper.EncodeAsync("57+68="));
        Assert.NotEqual(right.Description.Class.ModelSha256, cheaper.Description.Class.ModelSha256);
        Assert.True((await right.AfterAsync(prompt)).Zip(await cheaper.AfterAsync(prompt), static (a, b) => Math.Abs(a - b)).Max() > 0.1f);
    }

    private static async Task AddAsync(ITokenModel model)
    {
        for (var (left, right) = (3, 98); left < 100; (left, right) = (left + 7, right - 6))
        {
            await using var sequence = await model.BeginAsync(default);
            var logits = await sequence.AppendAsync(await model.EncodeAsync(string.Create(CultureInfo.InvariantCulture, $"{left}+{right}=")), default);
            List<int> answer = [];
            for (var next = Best(logits.Span); !model.Description.EndTokens.Contains(next); next = Best(logits.Span))
            {
                answer.Add(next);
                Assert.True(answer.Count < 8, model.Text(answer));
                logits = await sequence.AppendAsync(new[] { next }, default);
            }

            Assert.Equal((left + right).ToString(CultureInfo.InvariantCulture), model.Text(answer));
        }
    }

    private static int Best(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var token = 1; token < logits.Length; token++)
        {
            best = logits[token] > logits[best] ? token : best;
        }

        return best;
    }
}
