using System.Text;
using CustomVerifier;
using SwarmPool.Testing.Verification;
using SwarmPool.Verification;

namespace SwarmPool.Samples.Tests;

public sealed class FactorConformanceTests : VerifierSuite
{
    protected override ProofEvidence Honest => Factors("1001", "7\n11\n13");

    protected override IReadOnlyList<ProofEvidence> Dishonest =>
    [
        Factors("1001", ""), Factors("1001", "1001"), Factors("1001", "7\n143"), Factors("1001", "7\n11\n13\n1"), Factors("1001", "7\n11"), Factors("1001", "07\n11\n13"),
        Factors("1001", "-7\n-11\n13"), Factors("1001", """{"label":"7"}"""), Factors("none", "7\n11\n13"), Honest with { Input = null },
    ];

    protected override IReadOnlyList<ReadOnlyMemory<byte>> Others => ["7\n143"u8.ToArray(), "7\n11"u8.ToArray(), "x"u8.ToArray()];

    protected override IReadOnlyList<ReadOnlyMemory<byte>> Alike => ["13\n11\n7"u8.ToArray(), "7\n11\n13\n"u8.ToArray()];

    [Fact]
    public async Task Large_primes_are_told_from_products_of_large_primes()
    {
        const string Mersenne127 = "170141183460469231731687303715884105727";
        const string Mersenne89 = "618970019642690137449562111";
        Assert.Equal(ProofJudgementKind.Accepted, (await Make().VerifyAsync(Factors(Mersenne127, Mersenne127), default)).Kind);
        var product = (System.Numerics.BigInteger.Parse(Mersenne127) * System.Numerics.BigInteger.Parse(Mersenne89)).ToString();
        Assert.Equal(ProofJudgementKind.Refused, (await Make().VerifyAsync(Factors(product, product), default)).Kind);
        Assert.Equal("factors 2", (await Make().VerifyAsync(Factors(product, $"{Mersenne89}\n{Mersenne127}"), default)).Scores?.ToString());
    }

    protected override IProofVerifier Make() => new FactorVerifier(new FactorOptions());

    private static ProofEvidence Factors(string number, string factors)
    {
        var input = Encoding.ASCII.GetBytes(number);
        return Testing.Verification.Evidence.Of(Encoding.ASCII.GetBytes(factors), "factor", input: input) with { Input = input };
    }
}
