using System.Globalization;
using System.Text.Json;
using SwarmPool.Protocol.Sampling;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Sampling;

/// <summary>What vectors.py beside this computed from docs/sampling.md alone, with ln and exp in 50 digits.</summary>
public sealed class SamplerVectorTests
{
    private static readonly JsonDocument Vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Sampling", "vectors.json")));

    [Fact]
    public void The_noise_of_a_token_is_what_another_implementation_computes()
    {
        var known = Vectors.RootElement.GetProperty("noise").EnumerateArray().ToList();
        Assert.Equal(24, known.Count);
        Assert.All(known, one =>
        {
            var (job, position, token) = (Cid.Parse(one.GetProperty("job").GetString()!), one.GetProperty("position").GetInt32(), one.GetProperty("token").GetInt32());
            var top = ulong.Parse(one.GetProperty("top52").GetString()!, CultureInfo.InvariantCulture);
            Assert.Equal(((2 * top) + 1) / Math.Pow(2, 53), SamplingNoise.Uniform(job, position, token));
            Assert.Equal(double.Parse(one.GetProperty("gumbel").GetString()!, CultureInfo.InvariantCulture), SamplingNoise.Gumbel(job, position, token), 1e-14);
        });
    }

    [Fact]
    public void The_choice_is_what_another_implementation_chooses()
    {
        var known = Vectors.RootElement.GetProperty("choices").EnumerateArray().ToList();
        Assert.Equal(66, known.Count);
        Assert.All(known, one =>
        {
            var settings = one.GetProperty("settings");
            double Number(string name) => double.Parse(settings.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
            var sampler = new TokenSampler(
                Cid.Parse(one.GetProperty("job").GetString()!),
                new SamplerSettings
                {
                    Temperature = Number("temperature"),
                    TopK = settings.GetProperty("top_k").GetInt32(),
                    TopP = Number("top_p"),
                    RepetitionPenalty = Number("repetition_penalty"),
                    PresencePenalty = Number("presence_penalty"),
                    FrequencyPenalty = Number("frequency_penalty"),
                },
                [.. one.GetProperty("prompt").EnumerateArray().Select(static token => token.GetInt32())]);
            foreach (var token in one.GetProperty("answer").EnumerateArray())
            {
                sampler.Accept(token.GetInt32());
            }

            float[] logits = [.. one.GetProperty("logits").EnumerateArray().Select(static logit => logit.GetSingle())];
            Assert.Equal(one.GetProperty("token").GetInt32(), sampler.Choose(logits));
        });
    }
}
