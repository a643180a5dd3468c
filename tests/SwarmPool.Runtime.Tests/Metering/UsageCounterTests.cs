using System.Buffers.Binary;
using System.Text;
using CsCheck;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Runtime.Generation;
using SwarmPool.Runtime.Metering;
using SwarmPool.Runtime.Tests.Generation;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Metering;

/// <summary>What a pool counts, by bytes that anybody can count again; and that nobody is paid by what is only said.</summary>
public sealed class UsageCounterTests
{
    private static readonly JobRates PerToken = new() { InputTokens = 50, OutputTokens = 200 };
    private static readonly byte[] Png = [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0];

    private readonly Messages messages = new(static () => 1_700_000_000);

    [Fact]
    public async Task Tokens_are_those_of_evidence_and_output()
    {
        var (input, output, evidence) = await AnsweredAsync("""{"prompt":"2+2=","max_tokens":8}""", "four", ".");
        var (usage, refusal) = UsageCounter.Count(Job("text-generation", PerToken), input, output, evidence);
        Assert.Null(refusal);
        Assert.Equal(new JobUsage { InputTokens = 4, OutputTokens = 3 }, usage);
    }

    [Theory]
    [InlineData("another token")]
    [InlineData("a token more in both, which the output's own count lacks")]
    [InlineData("a token more in the evidence")]
    [InlineData("a token more in the output")]
    [InlineData("another end")]
    [InlineData("another number of tokens in")]
    [InlineData("no object")]
    [InlineData("no ids")]
    [InlineData("no text")]
    [InlineData("more tokens than were asked for")]
    [InlineData("fewer tokens than were asked for, and yet ended by that")]
    [InlineData("a prompt longer than the input")]
    public async Task A_lying_count_is_refused(string lie)
    {
        var (input, output, evidence) = await AnsweredAsync("""{"prompt":"2+2=","max_tokens":2}""", "fo", "ur");
        var text = Encoding.UTF8.GetString(output.Span);
        Assert.Equal("""{"finish":"length","ids":[256,257],"text":"four","usage":{"input_tokens":4,"output_tokens":2}}""", text);
        TokenEvidence More(TokenEvidence of) => of with { Positions = [.. of.Positions, of.Positions[^1]] };
        (string Text, TokenEvidence Evidence) told = lie switch
        {
            "another token" => (text.Replace("256", "255", StringComparison.Ordinal), evidence),
            "a token more in both, which the output's own count lacks" => (text.Replace("257]", "257,257]", StringComparison.Ordinal), More(evidence)),
            "a token more in the evidence" => (text, More(evidence)),
            "a token more in the output" => (text.Replace("257]", "257,257]", StringComparison.Ordinal), evidence),
            "another end" => (text.Replace("length", "stop", StringComparison.Ordinal), evidence),
            "another number of tokens in" => (text.Replace("_tokens\":4", "_tokens\":5", StringComparison.Ordinal), evidence),
            "no object" => ("[]", evidence),
            "no ids" => ("""{"finish":"length"}""", evidence),
            "no text" => ("\u0001", evidence),
            "more tokens than were asked for" => (text.Replace("257]", "257,257]", StringComparison.Ordinal).Replace("_tokens\":2", "_tokens\":3", StringComparison.Ordinal), More(evidence)),
            "a prompt longer than the input" => (text.Replace("_tokens\":4", "_tokens\":2000", StringComparison.Ordinal), evidence with { PromptIds = new int[2000] }),
            _ => (text, evidence),
        };
        var asked = lie.StartsWith("fewer", StringComparison.Ordinal) ? """{"prompt":"2+2=","max_tokens":3}"""u8.ToArray() : input;
        var (usage, refusal) = UsageCounter.Count(Job("text-generation", PerToken), asked, Encoding.UTF8.GetBytes(told.Text), told.Evidence);
        Assert.Null(usage);
        Assert.Equal(ErrorCodes.EvidenceDiffers, refusal!.Code);
    }

    [Fact]
    public void Without_evidence_no_token_is_counted() =>
        Assert.Equal(ErrorCodes.EvidenceMissing, UsageCounter.Count(Job("text-generation", PerToken), "{}"u8.ToArray(), "{}"u8.ToArray(), null).Refusal!.Code);

    [Fact]
    public void A_job_is_not_taken_that_could_not_be_counted()
    {
        Assert.Equal(ErrorCodes.UnitNotCounted, Against("image-classification", PerToken, Png));
        Assert.Equal(ErrorCodes.TextInputInvalid, Against("text-generation", PerToken, "no JSON"u8.ToArray()));
        Assert.Null(Against("text-generation", PerToken, """{"prompt":"x"}"""u8.ToArray()));
        Assert.Equal(ErrorCodes.UnitNotCounted, Against("speech", new JobRates { Seconds = 1 }, Png));
        Assert.Null(Against("speech", new JobRates { Seconds = 1 }, Wav(16_000, 1, 16, 32_000)));
        Assert.Equal(ErrorCodes.UnitNotCounted, Against("image-classification", new JobRates { Pictures = 1 }, "a text"u8.ToArray()));
        Assert.Null(Against("image-classification", new JobRates { Pictures = 1 }, Png));
        Assert.Null(Against("text-to-speech", new JobRates { Seconds = 1 }, "a text"u8.ToArray()));
        Assert.Null(UsageCounter.Against(messages.Job(), "anything"u8.ToArray()));

        string? Against(string type, JobRates rates, byte[] input) => UsageCounter.Against(Job(type, rates), input)?.Code;
    }

    [Fact]
    public void Sound_and_pictures_are_counted_in_the_input_or_in_the_output_of_a_job_from_a_text()
    {
        var both = new JobRates { Seconds = 10, Pictures = 20 };
        var sound = Wav(16_000, 1, 16, 48_000);
        Assert.Equal(new JobUsage { Milliseconds = 1500, Pictures = 0 }, UsageCounter.Count(Job("speech", both), sound, Png, null).Usage);
        Assert.Equal(new JobUsage { Milliseconds = 1500, Pictures = 0 }, UsageCounter.Count(Job("text-to-speech", both), Png, sound, null).Usage);
        Assert.Equal(new JobUsage { Pictures = 1 }, UsageCounter.Count(Job("text-to-image", both with { Seconds = null }), "a cat"u8.ToArray(), Png, null).Usage);
    }

    [Theory]
    [InlineData(16_000, 1, 16, 32_000, 1000)]
    [InlineData(44_100, 2, 16, 176_399, 999)]
    [InlineData(48_000, 2, 24, 288_000, 1000)]
    [InlineData(8_000, 1, 8, 7, 0)]
    public void The_length_of_a_sound_follows_from_its_samples(int rate, int channels, int bits, int bytes, long milliseconds)
    {
        Assert.Equal(milliseconds, SoundLength.Of(Wav(rate, channels, bits, bytes)));
        Assert.Equal(milliseconds, SoundLength.Of(Wav(rate, channels, bits, bytes, "LIST", said: uint.MaxValue))); // As pipes write it: of unknown length.
    }

    [Fact]
    public void What_says_that_it_is_a_sound_and_can_not_be_has_no_length()
    {
        Assert.Null(SoundLength.Of(Wav(16_000, 0, 16, 32_000)));
        Assert.Null(SoundLength.Of(Wav(1, 1, 16, 32_000)));
        Assert.Null(SoundLength.Of(Wav(16_000, 1, 12, 32_000)));
        Assert.Null(SoundLength.Of(Wav(16_000, 1, 16, 32_000).AsSpan(0, 30)));
        Assert.Null(SoundLength.Of("RIFF"u8));
    }

    [Fact]
    public void No_bytes_make_it_fail() => Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 60], Gen.Byte).Sample(
        static (bytes, at, value) =>
        {
            var changed = Wav(16_000, 1, 16, 100);
            changed[at % changed.Length] = value;
            foreach (var file in new[] { bytes, changed, [.. "RIFF....WAVE"u8, .. bytes] })
            {
                Assert.InRange(SoundLength.Of(file) ?? 0, 0, 1000L * file.Length);
                _ = PictureForm.IsPicture(file);
            }
        },
        iter: 2000);

    private static byte[] Wav(int rate, int channels, int bits, int bytes, string? chunk = null, uint? said = null)
    {
        using var file = new MemoryStream();
        file.Write("RIFF"u8);
        Number(0, 4);
        file.Write("WAVE"u8);
        if (chunk is not null)
        {
            file.Write(Encoding.ASCII.GetBytes(chunk));
            Number(3, 4);
            file.Write([1, 2, 3, 0]); // Odd, so padded.
        }

        file.Write("fmt "u8);
        Number(16, 4);
        Number(1, 2);
        Number((uint)channels, 2);
        Number((uint)rate, 4);
        Number(1, 4); // A lie: its bytes a second are not believed.
        Number((uint)(channels * bits / 8), 2);
        Number((uint)bits, 2);
        file.Write("data"u8);
        Number(said ?? (uint)bytes, 4);
        file.Write(new byte[bytes]);
        return file.ToArray();

        void Number(uint value, int length)
        {
            Span<byte> four = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(four, value);
            file.Write(four[..length]);
        }
    }

    private static async Task<(byte[] Input, ReadOnlyMemory<byte> Output, TokenEvidence Evidence)> AnsweredAsync(string input, params string[] script)
    {
        var bytes = Encoding.UTF8.GetBytes(input);
        Inference.InferenceResult? result = null;
        await foreach (var chunk in TextGeneration.RunAsync(new ScriptedTokens(script), Cid.OfBlock("a job"u8), TextJob.Read(bytes), null, wantsEvidence: true, default))
        {
            result = chunk.Result;
        }

        Assert.True(TokenEvidenceCodec.TryDecode(result!.Evidence.Span, out var evidence, out var refusal), refusal?.ToString());
        return (bytes, result.Output, evidence);
    }

    private JobSnapshot Job(string type, JobRates rates) => messages.Job() with { JobType = type, Payment = new JobPayment(Usdc.Parse("1")) { Rates = rates } };
}
