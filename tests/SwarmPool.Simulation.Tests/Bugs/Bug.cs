namespace SwarmPool.Simulation.Tests.Bugs;

/// <summary>A mistake put in on purpose, to see that the simulation finds it.</summary>
internal enum Bug
{
    None = 0,
}
