using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Core.Tests.Pool;

/// <summary>A verdict is a fact that the pool writes: it counts as far as the recorded settings say what their verifier can say.</summary>
public sealed class VerdictRulesTests
{
    [Theory]
    [InlineData("hashes", null, "hashes", false, true)]
    [InlineData("hashes", null, "hashes", true, false)]
    [InlineData("hashes", null, "judge", false, false)]
    [InlineData("judge", true, "judge", true, true)]
    [InlineData("judge", null, "judge", true, false)]
    [InlineData("judge", true, "hashes", true, false)]
    [InlineData(null, null, "hashes", true, true)] // From before verifiers were recorded.
    public void A_verdict_is_one_that_the_recorded_verifier_can_give(string? verifier, bool? mayAsk, string says, bool needReplica, bool counts)
    {
        var bench = new Bench(Bench.DefaultSettings with { Verifier = verifier, VerifierMayAsk = mayAsk });
        var miner = bench.Miner(1);
        var job = bench.Job();
        var proof = Bench.Signed(bench.Messages.Proof(job, miner, bench.Claim(job, miner), Messages.AnyCid("an output")));
        var account = TestKeys.Of(miner).Address;
        var decision = bench.Send(new MessageInput(proof), new PoolFacts { Signer = new NameFact(account, account, 0, null), Verdict = new VerdictFact(says, needReplica) });
        if (counts)
        {
            Assert.Equal(needReplica ? 2 : 1, bench.State.Jobs[job].Replicas);
            Bench.Accepted(decision);
        }
        else
        {
            Bench.Refused(ErrorCodes.VerdictImpossible, decision);
            Assert.Empty(bench.State.Jobs[job].Proofs);
        }
    }

    [Theory]
    [InlineData("hashes", true)]
    [InlineData(null, true)]
    [InlineData("judge", false)]
    public void Settings_that_no_verifier_can_have_are_refused(string? verifier, bool mayAsk) => Bench.Refused(
        ErrorCodes.VerdictImpossible, new Bench().Send(new StartedInput(2, Bench.DefaultSettings with { Verifier = verifier, VerifierMayAsk = mayAsk })));
}
