using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Core.Auditing;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Auditing;

public sealed class JournalAuditTests
{
    [Fact]
    public async Task A_journal_that_was_touched_is_found_out_even_when_its_hashes_were_made_anew()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await town.StartAsync();
        var miner = await town.JoinAsync(1);
        await town.ProveAsync(await town.ClaimAsync(await town.SubmitAsync("2.5"), miner));
        await host.StopAsync();
        Assert.Equal(5, (await town.AuditAsync()).Records);

        var records = new List<JournalRecord>();
        await foreach (var record in town.Compose().Services.GetRequiredService<IPoolJournal>().ReadAsync(1, CancellationToken.None))
        {
            records.Add(record);
        }

        // The thief's account instead of the miner's; a better price; an input that nobody signed; a record of another place.
        var thief = TestKeys.Of(Messages.Miner(9)).Address.ToString();
        await FindsAsync(records, 5, body => body.Replace($"\"payee\":\"{TestKeys.Of(miner).Address}\"", $"\"payee\":\"{thief}\"", StringComparison.Ordinal), "the rules decide");
        await FindsAsync(records, 5, body => body.Replace($"\"account\":\"{TestKeys.Of(miner).Address}\"", $"\"account\":\"{thief}\"", StringComparison.Ordinal), "was signed by");
        await FindsAsync(records, 3, body => body.Replace("\"price\":\"2.5\"", "\"price\":\"25\"", StringComparison.Ordinal), "the rules decide");
        await FindsAsync(records, 3, body => body.Replace("\"amount\":\"2.5\"", "\"amount\":\"25\"", StringComparison.Ordinal), "signed");

        // A contract's word is a fact like what a name resolved to; but no contract signs a job.
        static string ByContract(string body) => body.Replace("\"block\":0", "\"block\":0,\"by_contract\":true", StringComparison.Ordinal);
        await FindsAsync(records, 3, ByContract, "contract");
        Assert.True((await AuditAsync(records, 4, ByContract)).IsRight);

        await FindsAsync(records, 4, body => body.Replace("\"sequence\":4", "\"sequence\":7", StringComparison.Ordinal), "damaged");

        var broken = await JournalAudit.RunAsync(new ListJournal([.. records.Where(r => r.Sequence != 3)]));
        Assert.Contains(broken.Differences, d => d.Sequence == 4 && d.What.Contains("does not follow", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_journal_is_right() => Assert.True((await JournalAudit.RunAsync(new ListJournal([]))).IsRight);

    private static async Task FindsAsync(List<JournalRecord> records, int sequence, Func<string, string> forge, string what)
    {
        var report = await AuditAsync(records, sequence, forge);
        Assert.False(report.IsRight);
        Assert.Contains(report.Differences, d => d.Sequence == sequence && d.What.Contains(what, StringComparison.Ordinal));
    }

    private static async Task<AuditReport> AuditAsync(List<JournalRecord> records, int sequence, Func<string, string> forge)
    {
        var forged = new List<JournalRecord>();
        ReadOnlyMemory<byte> previous = new byte[32];
        foreach (var record in records)
        {
            var body = Encoding.UTF8.GetString(record.Body.Span)
                .Replace(Convert.ToHexStringLower(record.Previous.Span), Convert.ToHexStringLower(previous.Span), StringComparison.Ordinal);
            var text = record.Sequence == sequence ? forge(body) : body;
            Assert.True(record.Sequence != sequence || text != body, "the forgery changed nothing");
            var bytes = Encoding.UTF8.GetBytes(text);
            forged.Add(new JournalRecord(record.Sequence, previous, SHA256.HashData(bytes), bytes));
            previous = forged[^1].Hash;
        }

        return await JournalAudit.RunAsync(new ListJournal(forged));
    }
}
