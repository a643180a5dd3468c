namespace SwarmPool.Simulation.Network;

/// <summary>How the network treats messages and contents now.</summary>
internal sealed record Weather(double Drop, double Duplicate, double Late, double PublishFails, double ContentFails)
{
    public static Weather Fair { get; } = new(0, 0, 0, 0, 0);
}
