using System.Text;
using CsCheck;
using SwarmPool.Inference;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Sampling;
using SwarmPool.Runtime.Generation;
using SwarmPool.Runtime.Verification;
using SwarmPool.Testing.Verification;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Tests.Verification;

/// <summary>What can be told of generated text without its model: an honest answer passes, whatever was asked; a changed one doesn't.</summary>
public sealed class AuditedTokensTests : VerifierSuite
{
    private const string Input = """{"prompt":"ab","max_tokens":12,"temperature":"0.8","top_p":"0.95"}""";

    protected override ProofEvidence Honest => Answer(Input);

    protected override IReadOnlyList<ProofEvidence> Dishonest
    {
        get
        {
            var honest = Honest;
            Assert.True(TokenEvidenceCodec.TryDecode(honest.Evidence!.Value.Span, out var evidence, out _));
            return
            [
                honest with { Output = default },
                honest with { Evidence = null },
                honest with { Output = Replace(honest.Output, "\"text\":\"", "\"text\":\"x\",\"more\":\"") },
                honest with { Output = Replace(honest.Output, "\"output_tokens\":", "\"output_tokens\":1") },
                honest with { Input = Encoding.UTF8.GetBytes(Input.Replace("12", "8", StringComparison.Ordinal)) },
                honest with { Input = "no job"u8.ToArray() },
                With(honest, evidence with { Finish = TokenFinish.StopString }),
                With(honest, evidence with { Positions = [.. evidence.Positions.Take(5)] }),
                With(honest, Chosen(evidence, 3)),
                With(honest, Likelier(evidence, 4)),
                Shortened(honest, evidence),
                honest with { JobCid = Transport.Cid.OfBlock("another job, another seed"u8) },
                honest with { Job = honest.Job with { JobType = "text" } },
            ];
        }
    }

    protected override IReadOnlyList<ReadOnlyMemory<byte>> Others => [Answer(Input.Replace("ab", "ba", StringComparison.Ordinal)).Output, default];

    protected override IProofVerifier Make() => new AuditedTokensVerifier();

    /// <summary>Of any settings, any length, with stop strings: hard rules never fail an honest answer. Answers of 1, 5, 31 tokens are among them.</summary>
    [Fact]
    public void Honest_answers_pass() => Gen.Select(
        Pick("0", "0.01", "0.7", "1", "2"), Gen.Int[1, 64], Pick("1", "0.5", "0.9"), Pick("1", "1.2", "0.5"), Pick("0", "1", "-1"), Pick(1, 5, 31, 60), Gen.UInt[0, 9999]).Sample(
        (temperature, topK, topP, repetition, presence, tokens, prompt) =>
        {
            var proof = Answer($$"""{"prompt":"p{{prompt}}","max_tokens":{{tokens}},"temperature":"{{temperature}}","top_k":{{topK}},"top_p":"{{topP}}","repetition_penalty":"{{repetition}}","presence_penalty":"{{presence}}","frequency_penalty":"{{presence}}","stop":["zq","\ufffd"]}""");
            var judged = new AuditedTokensVerifier().VerifyAsync(proof, default).AsTask().Result;
            Assert.True(judged.Kind == ProofJudgementKind.Accepted, $"{judged.Reason}: {Encoding.UTF8.GetString(proof.Input!.Value.Span)}");
        }, iter: 400);

    /// <summary>Evidence of whoever wrote without the sampler is refused within a few tokens.</summary>
    [Fact]
    public async Task Tokens_of_another_choice_are_refused()
    {
        for (var round = 0; round < 50; round++)
        {
            var judged = await Make().VerifyAsync(Answer($$"""{"prompt":"p{{round}}","max_tokens":10,"temperature":"1"}""", cheats: true), default);
            Assert.Equal(ProofJudgementKind.Refused, judged.Kind);
        }
    }

    private static Gen<T> Pick<T>(params T[] of) => Gen.Int[0, of.Length - 1].Select(at => of[at]);

    // A model of letters, whose logits are a hash of what stands before.
    private static ProofEvidence Answer(string input, bool cheats = false)
    {
        var bytes = Encoding.UTF8.GetBytes(input);
        var proof = Testing.Verification.Evidence.Of(default, TextJob.JobType, input: bytes);
        var job = TextJob.Read(bytes);
        var prompt = Encoding.ASCII.GetBytes(job.Prompt.Text!).Select(static letter => (int)letter).ToArray();
        var (sampler, builder, written) = (new TokenSampler(proof.JobCid, job.Sampling, prompt), new TokenEvidenceBuilder(prompt, Letters.Count), new AnswerBytes(job.Stop));
        List<int> said = [.. prompt];
        var finish = TokenFinish.Length;
        while (finish == TokenFinish.Length && said.Count - prompt.Length < job.MaxTokens)
        {
            var logits = Letters.Logits(said);
            var token = cheats ? (sampler.Choose(logits) + 1) % Letters.Count : sampler.Choose(logits);
            sampler.Accept(token);
            builder.Add(logits, token);
            said.Add(token);
            finish = token == Letters.End ? TokenFinish.Stop : written.Add(Letters.BytesOf(token)) ? TokenFinish.StopString : TokenFinish.Length;
        }

        var evidence = builder.Build(finish);
        var output = TextAnswer.Write(finish, evidence.OutputIds(), written.Text, new InferenceUsage { InputTokens = prompt.Length, OutputTokens = said.Count - prompt.Length });
        return With(proof with { Output = output, Input = bytes }, evidence);
    }

    private static ProofEvidence With(ProofEvidence proof, TokenEvidence evidence)
    {
        var bytes = TokenEvidenceCodec.Encode(evidence);
        return proof with { Evidence = bytes, Proof = proof.Proof with { EvidenceCid = Transport.ContentAddress.Of(bytes), EvidenceRoot = EvidencePages.Root(bytes) } };
    }

    // Another token at a position: of those that are stated the least likely.
    private static TokenEvidence Chosen(TokenEvidence evidence, int at)
    {
        var positions = evidence.Positions.ToArray();
        positions[at] = positions[at] with { Chosen = positions[at].Top.Span[^1] };
        return evidence with { Positions = positions };
    }

    // Every token there is nearly certain.
    private static TokenEvidence Likelier(TokenEvidence evidence, int at)
    {
        var positions = evidence.Positions.ToArray();
        var chosen = positions[at].Chosen.Token;
        var top = positions[at].Top.ToArray().OrderBy(static one => one.Token).Select(static one => one with { LogProb = -1 }).ToArray();
        positions[at] = positions[at] with { Top = top, Chosen = new TokenLogProb(chosen, top.Any(one => one.Token == chosen) ? -1 : -2) };
        return evidence with { Positions = positions };
    }

    // Fewer tokens a position than are needed to tell.
    private static ProofEvidence Shortened(ProofEvidence proof, TokenEvidence evidence) => With(proof, evidence with
    {
        TopCount = 3,
        Positions = [.. evidence.Positions.Select(static one => one with { Top = one.Top[..3], Chosen = one.Top[..3].ToArray().Any(top => top.Token == one.Chosen.Token) ? one.Chosen : one.Top.Span[2] })],
    });

    private static byte[] Replace(ReadOnlyMemory<byte> output, string what, string by) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(output.Span).Replace(what, by, StringComparison.Ordinal));

    /// <summary>400 tokens: bytes, some of which are no character alone, an end, and pairs of letters.</summary>
    private static class Letters
    {
        public const int Count = 400;
        public const int End = 399;

        public static byte[] BytesOf(int token) => token < 256 ? [(byte)token] : [(byte)('a' + (token % 26)), (byte)('a' + (token / 26 % 26))];

        public static float[] Logits(List<int> said)
        {
            var random = new Random((said.Count * 31) + (said[^1] * 7) + said[0]);
            float[] logits = [.. Enumerable.Range(0, Count).Select(_ => (float)((random.NextDouble() * 14) - 7))];
            logits[End] = said.Count % 17 == 0 ? logits[End] : -7; // Else few answers would have more than some tokens.
            return logits;
        }
    }
}
