using SwarmPool.EnsChain;

namespace SwarmPool.Plugins.Ens.Tests;

public sealed class ContractsTests
{
    [Fact]
    public async Task The_contracts_of_the_tests_are_what_their_sources_compile_to() =>
        Assert.Equal("same\n", await NodeScript.RunAsync("compile.mjs", "", "--check"));
}
