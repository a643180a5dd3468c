using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>The <c>proof_hash</c> of a proof: binds an output to its job, attempt, fence and miner, so that nobody can copy another's.</summary>
/// <remarks>Pure; thread-safe.</remarks>
public static class ProofHash
{
    /// <summary>
    /// SHA-256, lower-case hex, over the UTF-8 text of six lines (LF between them, none at the end):
    /// <c>SwarmPool proof v1</c>, <c>job: …</c>, <c>attempt: …</c>, <c>fence: …</c>, <c>output: …</c>, <c>miner: …</c>.
    /// </summary>
    /// <param name="job">The job's CID.</param>
    /// <param name="attempt">The attempt, from 1.</param>
    /// <param name="fence">The claim's fence.</param>
    /// <param name="output">The output's CID.</param>
    /// <param name="miner">Who did it.</param>
    public static string Compute(Cid job, int attempt, long fence, Cid output, EnsName miner)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"SwarmPool proof v1\njob: {job}\nattempt: {attempt}\nfence: {fence}\noutput: {output}\nminer: {miner}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
