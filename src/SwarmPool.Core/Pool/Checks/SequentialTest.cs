using SwarmPool.Protocol.Sampling;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>
/// Whether a payee's scored answers fail as often as an honest miner's (p0 at most) or a dishonest one's (p1 at least): Wald's sequential test, in
/// thousandths of a nat. A test that ends for the miner begins again, so that nobody saves up credit; each ends against an honest miner with a
/// chance of e^-threshold at most (Ville's inequality).
/// </summary>
/// <remarks>Pure; integers alone, so that everybody counts the same.</remarks>
internal sealed class SequentialTest(int p0Ppm, int p1Ppm, int flagMilliNats)
{
    public SequentialTest(CheckSettings checks)
        : this(checks.P0Ppm, checks.P1Ppm, checks.FlagMilliNats)
    {
    }

    /// <summary>What an answer that fails adds: 1000·ln(p1/p0), rounded.</summary>
    public long FailStep { get; } = MilliNats(p1Ppm, p0Ppm);

    /// <summary>What one that passes adds, which is less than zero: 1000·ln((1-p1)/(1-p0)), rounded.</summary>
    public long PassStep { get; } = MilliNats(1_000_000 - p1Ppm, 1_000_000 - p0Ppm);

    /// <summary>Where the test stands after one more answer.</summary>
    public long Add(long milliNats, bool fails) => milliNats + (fails ? FailStep : PassStep) is var next && next <= -flagMilliNats ? 0 : next;

    /// <summary>Whether it has ended against the miner.</summary>
    public bool Flags(long milliNats) => milliNats >= flagMilliNats;

    private static long MilliNats(int part, int whole) => (long)Math.Round(1000 * PortableMath.Log((double)part / whole), MidpointRounding.AwayFromZero);
}
