using System.Text;
using CsCheck;
using SwarmPool.Runtime.Auditing;

namespace SwarmPool.Runtime.Tests.Auditing;

/// <summary>The pool itself may be the liar, and its pages anything: an audit ends, and says what is wrong.</summary>
public sealed class HostilePagesTests
{
    [Fact]
    public async Task Whatever_a_journal_page_holds_is_a_difference_and_never_the_end_of_the_audit()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var epoch = await audited.FetchAsync(audited.First);
        var lines = await audited.LinesAsync(epoch);
        var stranger = audited.Stranger();
        await Gen.Select(Gen.Int[0, lines.Count - 1], Gen.Int[0, 10_000], Gen.Int[0, 12], Gen.Int[0, Parts.Length - 1]).SampleAsync(
            async spot =>
            {
                var (line, at, length, part) = spot;
                var changed = lines.ToList();
                var start = at % changed[line].Length;
                changed[line] = string.Concat(changed[line].AsSpan(0, start), Parts[part], changed[line].AsSpan(Math.Min(start + length, changed[line].Length)));
                if (changed[line] == lines[line])
                {
                    return true;
                }

                var page = await audited.Town.Transport.Content.PutAsync(Encoding.UTF8.GetBytes(string.Concat(changed.Select(one => one + "\n"))), CancellationToken.None);
                var forged = PoolAuditor.Read((await Support.TestNetwork.SignAsync(epoch with { Journal = [page] })).Bytes);
                return !(await stranger.AuditEpochAsync(forged)).IsRight && !(await stranger.AuditHistoryAsync(forged)).IsRight;
            },
            iter: 300,
            threads: 1);
    }

    // What breaks readers: structure, nulls, numbers beyond every range, texts that are no name.
    private static readonly string[] Parts =
        ["", "null", "{}", "[]", "\"\"", "-1", "9223372036854775808", "1e400", "true", "\\ud800", "\u0000", "{\"", "}", "]", ",", ":", "\"kind\":\"settled\"", "\"events\":null", "é"];
}
