using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>
/// The <c>commitment</c> that a miner sends before its proof: it can't be opened to another answer, and it is of no use to anybody else, nor
/// for another claim, since miner and fence are in it.
/// </summary>
/// <remarks>Pure; thread-safe.</remarks>
public static class ProofCommitment
{
    /// <summary>
    /// SHA-256, lower-case hex, over the UTF-8 text of eight lines (LF between them, none at the end):
    /// <c>SwarmPool commitment v1</c>, <c>job: …</c>, <c>attempt: …</c>, <c>fence: …</c>, <c>miner: …</c>, <c>output: …</c>, <c>evidence: …</c>, <c>salt: …</c>.
    /// </summary>
    /// <param name="job">The job's CID.</param>
    /// <param name="attempt">The attempt, from 1.</param>
    /// <param name="fence">The fence of the claim or the check.</param>
    /// <param name="miner">Who commits.</param>
    /// <param name="output">The output's CID.</param>
    /// <param name="evidenceRoot">The evidence's Merkle root, 0x and 64 hex digits; null, written as "-", where there is none.</param>
    /// <param name="salt">32 bytes that nobody else knows, lower-case hex.</param>
    public static string Compute(Cid job, int attempt, long fence, EnsName miner, Cid output, string? evidenceRoot, string salt)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"SwarmPool commitment v1\njob: {job}\nattempt: {attempt}\nfence: {fence}\nminer: {miner}\noutput: {output}\nevidence: {evidenceRoot ?? "-"}\nsalt: {salt}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
