using CsCheck;
using SwarmPool.Protocol.Evidence;

namespace SwarmPool.Protocol.Tests.Evidence;

public sealed class TokenEvidenceBuilderTests
{
    private static readonly Gen<float[]> Logits = Gen.OneOf(
        Gen.Float[-30, 30].Array[1, 300],
        Gen.Int[0, 3].Select(static one => new[] { -2f, 0f, 0f, 1.5f }[one]).Array[1, 300],
        Gen.Float[-1e6f, 1e6f].Array[1, 50]);

    /// <summary>Against a count that takes no short cut: all of it in doubles, sorted whole.</summary>
    [Fact]
    public void A_position_states_the_likeliest_tokens_and_the_chosen_one() => Gen.Select(Logits.Array[1, 4], Gen.Int[0, int.MaxValue]).Sample(
        static (rows, pick) =>
        {
            var vocabulary = rows.Min(static row => row.Length);
            var builder = new TokenEvidenceBuilder(new[] { 1, 2 }, vocabulary);
            foreach (var row in rows)
            {
                builder.Add(row.AsSpan(0, vocabulary), pick % vocabulary);
            }

            var evidence = builder.Build(TokenFinish.Length);
            Assert.Equal(Math.Min(20, vocabulary), evidence.TopCount);
            Assert.NotEmpty(TokenEvidenceCodec.Encode(evidence));
            for (var i = 0; i < rows.Length; i++)
            {
                var row = rows[i][..vocabulary];
                var (most, position) = (row.Max(), evidence.Positions[i]);
                var sum = most + Math.Log(row.Sum(logit => Math.Exp((double)logit - most)));
                var likeliest = row.Select(static (logit, token) => (logit, token)).OrderByDescending(static one => one.logit).ThenBy(static one => one.token).Take(evidence.TopCount).ToList();
                Assert.Equal(likeliest.Select(static one => one.token).Order(), position.Top.ToArray().Select(static one => one.Token).Order());
                Assert.InRange(position.LogSum - Math.Clamp(sum * 4096, -(1 << 30), 1 << 30), -1, 1);
                Assert.All([position.Chosen, .. position.Top.ToArray()], one => Assert.InRange(one.LogProb - Math.Clamp((row[one.Token] - sum) * 4096, TokenLogProb.Least, 0), -1, 1));
                Assert.Equal(pick % vocabulary, position.Chosen.Token);
            }
        },
        iter: 400);

    [Fact]
    public void A_position_costs_the_memory_of_what_it_states()
    {
        var logits = new float[50_000];
        var builder = new TokenEvidenceBuilder(new[] { 1 }, logits.Length);
        builder.Add(logits, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 320; i++)
        {
            builder.Add(logits, i);
        }

        // 20 pairs of eight bytes, and its place in the list, which doubles.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 320.0, 0, 300);
    }

    [Fact]
    public void A_token_without_a_logit_was_not_chosen()
    {
        var builder = new TokenEvidenceBuilder(new[] { 1 }, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Add(new float[3], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Add(new float[3], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Add(new float[2], 1));
    }
}
