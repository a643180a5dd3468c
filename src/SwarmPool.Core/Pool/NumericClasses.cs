using System.Security.Cryptography;
using System.Text;
using SwarmPool.Inference;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool;

/// <summary>A numeric class in sixteen hex digits: the first eight bytes of the SHA-256 over its four parts, a line each.</summary>
internal static class NumericClasses
{
    public static string Of(NumericClass numbers) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{numbers.ModelSha256}\n{numbers.Runtime}\n{numbers.Device}\n{numbers.Precision}")).AsSpan(0, 8));

    public static string Of(ProofMetrics metrics) => Of(new NumericClass(metrics.ModelSha256, metrics.Runtime, metrics.Device, metrics.Precision));
}
