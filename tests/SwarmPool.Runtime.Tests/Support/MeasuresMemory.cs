namespace SwarmPool.Runtime.Tests.Support;

/// <summary>Tests that measure the memory of the whole process run while no other does.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class MeasuresMemory;
