using System.Text;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Generation;

/// <summary>A text job on its way through the miner: the backend shows logits, the miner chooses.</summary>
public sealed class TextJobOfAMinerTests
{
    [Fact]
    public async Task The_miner_chooses_the_tokens_of_a_backend_that_shows_its_logits()
    {
        var tokens = new ScriptedTokens("four", ".");
        await using var stage = await new MinerStage(backend: new TokenBackend(tokens)).StartAsync();
        var job = await stage.Pool.StoreJobAsync("letters", Encoding.UTF8.GetBytes("""{"prompt":"2+2=","temperature":0.5}"""), jobType: "text-generation");
        await stage.Pool.AnnounceAsync(job);

        var proof = (ProofSnapshot)(await stage.Pool.ExpectAsync<ProofSnapshot>()).Body;
        Assert.Equal(
            """{"finish":"stop","ids":[256,257,258],"text":"four.","usage":{"input_tokens":4,"output_tokens":3}}""",
            Encoding.UTF8.GetString(stage.Net.Content[proof.OutputCid].Span));
        Assert.Equal(tokens.Description.Class.ModelSha256, proof.Metrics.ModelSha256);

        var bytes = stage.Net.Content[proof.EvidenceCid!.Value];
        Assert.Equal(EvidencePages.Root(bytes), proof.EvidenceRoot);
        Assert.True(TokenEvidenceCodec.TryDecode(bytes.Span, out var evidence, out var refusal), refusal?.ToString());
        Assert.Equal([256, 257, 258], evidence.OutputIds());
    }

    [Fact]
    public async Task A_job_that_can_not_be_done_is_given_back_with_its_code()
    {
        await using var stage = await new MinerStage(backend: new TokenBackend(new ScriptedTokens("a"))).StartAsync();
        var job = await stage.Pool.StoreJobAsync("letters", Encoding.UTF8.GetBytes("""{"prompt":"2+2=","max_tokens":61}"""), jobType: "text-generation");
        await stage.Pool.AnnounceAsync(job);

        await stage.Witness.ExpectAsync($"released {job.Cid} failed SP5104: The prompt has 4 tokens and 61 are asked for (max_tokens); the model's context has 64. Ask for at most 60");
    }

    [Fact]
    public async Task A_backend_that_shows_no_logits_writes_its_texts_itself()
    {
        var backend = new TokenBackend(null);
        await using var stage = await new MinerStage(backend: backend).StartAsync();
        await stage.Pool.AnnounceAsync(await stage.Pool.StoreJobAsync("letters", "anything"u8.ToArray(), jobType: "text-generation"));

        var proof = (ProofSnapshot)(await stage.Pool.ExpectAsync<ProofSnapshot>()).Body;
        Assert.Equal("its own", Encoding.UTF8.GetString(stage.Net.Content[proof.OutputCid].Span));
        Assert.Null(proof.EvidenceCid);
    }
}
