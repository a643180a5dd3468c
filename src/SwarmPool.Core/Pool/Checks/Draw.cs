using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>Which answers are checked: arithmetic over an epoch's secret, which anybody does again once the epoch is sealed.</summary>
internal static class Draw
{
    // Beyond a million USDC that a payee would lose nothing changes; so all products fit.
    private const long MostBehindMicro = 1_000_000_000_000;

    /// <summary>Whether a text is a secret: 32 bytes, lower-case hex.</summary>
    public static bool IsSecret(string? secret) => secret is { Length: 64 } && secret.All(static c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    /// <summary>SHA-256 of the secret's bytes, lower-case hex.</summary>
    public static string CommitmentOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(secret)));

    /// <summary>Where a claim's answer falls among 2^64 points: the first 8 bytes, big-endian, of SHA-256("SPD1" ‖ secret ‖ job's CID as text ‖ fence as 8 bytes, big-endian).</summary>
    public static ulong Point(string secret, Cid job, long fence) => BinaryPrimitives.ReadUInt64BigEndian(Hash("SPD1", secret, job, Fence(fence)));

    /// <summary>The same for whether a check is looked at a second time; "SPD2".</summary>
    public static ulong SecondPoint(string secret, Cid job, long fence) => BinaryPrimitives.ReadUInt64BigEndian(Hash("SPD2", secret, job, Fence(fence)));

    /// <summary>Where a miner stands among those that could check a job: SHA-256("SPC1" ‖ secret ‖ job's CID as text ‖ miner's name); the least checks first.</summary>
    public static byte[] Rank(string secret, Cid job, string miner) => Hash("SPC1", secret, job, Encoding.UTF8.GetBytes(miner));

    /// <summary>Whether a point is drawn.</summary>
    /// <param name="point">From <see cref="Point"/>.</param>
    /// <param name="checks">The settings.</param>
    /// <param name="decided">The payee's jobs with the model that were decided since it was last found wrong.</param>
    /// <param name="priceMicro">What the job pays.</param>
    /// <param name="behindMicro">What the payee would lose: held work and stake.</param>
    public static bool IsDrawn(ulong point, CheckSettings checks, long decided, long priceMicro, long behindMicro) =>
        decided < checks.NewcomerJobs
        || IsBelow(point, (UInt128)checks.LeastPpm, 1_000_000)
        || IsBelow(point, (UInt128)checks.NewcomerJobs, (UInt128)(checks.NewcomerJobs + decided))
        || IsBelow(point, (UInt128)priceMicro * 1_000_000, (UInt128)checks.DetectionPpm * (UInt128)Math.Min(behindMicro, MostBehindMicro));

    /// <summary>Whether a share of a million is drawn.</summary>
    public static bool IsDrawn(ulong point, int ppm) => IsBelow(point, (UInt128)ppm, 1_000_000);

    // point / 2^64 < part / whole, in whole numbers.
    private static bool IsBelow(ulong point, UInt128 part, UInt128 whole) => part >= whole || point * whole < part << 64;

    private static byte[] Hash(string tag, string secret, Cid job, byte[] last) =>
        SHA256.HashData([.. Encoding.ASCII.GetBytes(tag), .. Convert.FromHexString(secret), .. Encoding.UTF8.GetBytes(job.ToString()), .. last]);

    private static byte[] Fence(long fence)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, fence);
        return bytes;
    }
}
