using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Settlement;

namespace SwarmPool.Runtime.Tests.Settlement;

public sealed class PolicyIdentitiesTests
{
    [Fact]
    public void A_policy_has_its_name_its_version_and_the_hash_of_its_assembly()
    {
        var identity = PolicyIdentities.Of(new HalfPolicy());
        Assert.Equal(("half", "1.0.0"), (identity.Name, identity.Version));
        Assert.Matches("^[0-9a-f]{64}$", identity.Sha256);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("line\nbreak")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public void A_name_that_can_not_be_published_is_refused(string? name)
    {
        var error = Assert.Throws<SwarmPoolException>(() => PolicyIdentities.Of(new HalfPolicy { Name = name! }));
        Assert.Equal(ErrorCodes.PluginConfigureFailed, error.Code);
    }
}
