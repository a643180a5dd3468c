using SwarmPool.Plugins.Ens.Tests.Support;

// One chain for all: names of a test are its own, and blocks come whenever a test sends a transaction.
[assembly: AssemblyFixture(typeof(ChainFixture))]
