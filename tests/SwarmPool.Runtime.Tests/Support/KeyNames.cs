using SwarmPool.Identity;

namespace SwarmPool.Runtime.Tests.Support;

/// <summary>Every name there is: its account is that of its own test key.</summary>
internal sealed class KeyNames : IIdentityProvider
{
    public string Network => "local";

    public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken) => new(
        new IdentityAnswer(IdentityStatus.Known, [TestKeys.Of(name).Address], null, 0, TimeSpan.FromMinutes(1)));
}
