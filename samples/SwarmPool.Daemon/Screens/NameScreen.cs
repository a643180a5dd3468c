using SwarmPool.Identity;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Daemon.Screens;

/// <summary>The records by which a pool is found.</summary>
public static class NameScreen
{
    /// <summary>The name of the record that leads to the state.</summary>
    public const string StateRecord = "contenthash";

    /// <summary>The name of the record with the peers.</summary>
    public const string PeersRecord = "swarmpool.transport";

    /// <summary>Shows them.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="pool">The pool's name.</param>
    /// <param name="compared">The records; null where the transport needs none.</param>
    public static void Show(Terminal terminal, EnsName pool, LocationComparison? compared)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        if (compared is null)
        {
            terminal.Line($"Over this transport a pool is not found by its name: configuration says where {pool} is.");
            return;
        }

        terminal.Line($"Records of {pool}", Tone.Strong);
        terminal.Facts(
        [
            ($"{StateRecord}:", compared.Published.State ?? "none: this node gives the pool's files no IPNS name"),
            ($"{PeersRecord}:", compared.Published.PeersText),
        ]);
        foreach (var difference in compared.Differences)
        {
            terminal.Line($"! {ErrorCodes.PlaceDiffers}: {difference}", Tone.Warn, hang: 2);
        }

        if (compared.Differences.Count == 0)
        {
            terminal.Line("✓ The name leads here: its name is all that a miner or a client needs.", Tone.Good);
        }
    }
}
