using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Miner;

/// <summary>A miner does no work that somebody else would be paid for.</summary>
public sealed class PayoutCheckTests
{
    private static readonly EthAddress Other = EthAddress.Parse("0x00000000000000000000000000000000000000ff");

    [Fact]
    public async Task A_miner_that_the_pool_would_pay_at_another_address_ends_and_says_why()
    {
        await using var stage = new MinerStage();
        stage.Cast.Payouts[Cast.Alice] = Other; // The pool was told the account; the miner is told this.
        var job = await stage.Pool.StoreJobAsync();
        var running = stage.Miner.RunAsync(default);
        await stage.Pool.ExpectAsync<RegistrationSnapshot>();
        await stage.Pool.AnnounceAsync(job);
        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => running.WaitAsync(Patience.Long));
        Assert.Equal(ErrorCodes.PayoutDiffers, refused.Code);
        Assert.Contains($"would pay {Cast.Alice} at {stage.Cast.SignerOf(Cast.Alice).Address}; asked here, the name is paid at {Other}", refused.Message, StringComparison.Ordinal);
        await stage.Witness.ExpectAsync($"refused {ErrorCodes.PayoutDiffers}");
        Assert.Equal(0, stage.Witness.Count("registered"));
        Assert.Equal(0, stage.Pool.Count<ClaimSnapshot>());
    }

    [Fact]
    public async Task While_its_name_can_not_be_looked_up_or_is_disputed_it_claims_nothing()
    {
        await using var stage = new MinerStage();
        await stage.Miner.PrepareAsync(default);
        stage.Cast.Instead[Cast.Alice] = IdentityAnswer.Disputed(TimeSpan.FromSeconds(1), "two nodes say two things");
        var starting = stage.StartAsync();
        await stage.Witness.ExpectAsync($"refused {ErrorCodes.NameDisputed}");
        stage.Cast.Instead[Cast.Alice] = IdentityAnswer.Unavailable(TimeSpan.FromSeconds(1), "no node answers");
        await stage.Witness.ExpectAsync($"refused {ErrorCodes.NameUnavailable}");
        Assert.False(starting.IsCompleted);
        stage.Cast.Instead.TryRemove(Cast.Alice, out _);
        await starting;
    }
}
