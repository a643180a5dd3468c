using SwarmPool.Identity;
using SwarmPool.Settlement;

namespace SwarmPool.Abstractions.Tests.Settlement;

public sealed class DeclaredPayeeTests
{
    private const string Address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

    [Theory]
    [InlineData("dev.eth", "dev.eth", null)]
    [InlineData("0x.eth", "0x.eth", null)]
    [InlineData(Address, "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed.addr.reverse", Address)]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed.addr.reverse", Address)]
    public void A_name_is_one_and_an_address_has_the_name_that_ENS_has_for_it(string typed, string name, string? address)
    {
        Assert.True(DeclaredPayee.TryParse(typed, out var payee, out _));
        Assert.Equal((name, address), (payee.Name.Text, payee.Address?.ToChecksumString()));
        Assert.Equal(address ?? name, payee.ToString());
        Assert.Equal(address is not null, payee.Address is { } at && DeclaredPayee.IsNamedByAddress(new Payee(payee.Name, at)));
    }

    [Theory]
    [InlineData(null, "a name is missing")]
    [InlineData("nobody", "needs at least two labels")]
    [InlineData("0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "has a wrong checksum")]
    [InlineData("0x0000000000000000000000000000000000000000", "is not an address")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae", "is not an address")]
    [InlineData("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed.addr.reverse", "stands for an address")]
    public void What_is_neither_is_told_as_what_it_is(string? typed, string problem)
    {
        Assert.False(DeclaredPayee.TryParse(typed, out var payee, out var said));
        Assert.Equal(default, payee);
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_can_be_declared_by_another_form()
    {
        Assert.Throws<ArgumentException>(() => DeclaredPayee.At(default));
        Assert.Throws<ArgumentException>(() => DeclaredPayee.Named(default));
        Assert.Throws<ArgumentException>(() => DeclaredPayee.Named(EnsName.Parse("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed.addr.reverse")));
        Assert.False(DeclaredPayee.IsNamedByAddress(new Payee(DeclaredPayee.At(EthAddress.Parse(Address)).Name, EthAddress.Parse("0x2e4011c8f9c8de290aad61055c2017d93ee4c69b"))));
        Assert.False(DeclaredPayee.IsNamedByAddress(new Payee(EnsName.Parse("dev.eth"), EthAddress.Parse(Address))));
    }
}
