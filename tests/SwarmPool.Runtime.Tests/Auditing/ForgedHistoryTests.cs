using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing;

/// <summary>
/// Somebody holds the pool's key and publishes an epoch of his own making, whose pages, roots, sums and split all agree: what he can't
/// make is what others signed.
/// </summary>
public sealed class ForgedHistoryTests
{
    [Fact]
    public async Task The_same_story_told_again_is_right()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        Assert.Equal(audited.First, await audited.ForgeFirstAsync(body => body));
    }

    [Fact]
    public async Task A_job_that_its_client_signed_for_less_is_found_without_the_rules()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var forged = await audited.ForgeFirstAsync(body => body
            .Replace("\"amount\":\"2.5\"", "\"amount\":\"25\"", StringComparison.Ordinal)
            .Replace("\"price\":\"2.5\"", "\"price\":\"25\"", StringComparison.Ordinal));
        await FindsAsync(audited, forged, alone: "its job was signed by", history: "its job was signed by");
    }

    [Fact]
    public async Task A_price_that_only_the_pool_names_is_found_by_the_rules()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var forged = await audited.ForgeFirstAsync(body => body.Replace("\"price\":\"2.5\"", "\"price\":\"25\"", StringComparison.Ordinal));
        await FindsAsync(audited, forged, alone: null, history: "the rules decide");
    }

    [Fact]
    public async Task Work_told_as_that_of_another_miner_is_found()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var (thief, robbed) = (Messages.Miner(9), audited.Miner);
        var forged = await audited.ForgeFirstAsync(body => body
            .Replace(robbed.Text, thief.Text, StringComparison.Ordinal)
            .Replace(TestKeys.Of(robbed).Address.ToString(), TestKeys.Of(thief).Address.ToString(), StringComparison.Ordinal));
        await FindsAsync(audited, forged, alone: "its proof was signed by", history: "its claim was signed by");
    }

    [Fact]
    public async Task A_record_left_out_is_found()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var dropped = false;
        var forged = await audited.ForgeFirstAsync(body =>
        {
            dropped |= body.Contains("\"type\":\"claim\"", StringComparison.Ordinal);
            return body;
        });
        Assert.True(dropped);
        var epoch = await audited.FetchAsync(forged);
        var without = (await audited.LinesAsync(epoch)).Where(line => !line.Contains("\"type\":\"claim\"", StringComparison.Ordinal));
        var page = await audited.Town.PutAsync(string.Concat(without.Select(line => line + "\n")));
        await FindsAsync(audited, await audited.PublishAsync(epoch with { Journal = [page] }), alone: "its place in the chain", history: "its place in the chain");
    }

    /// <summary>Whom a name paid is what it resolved to then: nobody signed it, so whoever audits is told when it says another account today.</summary>
    [Fact]
    public async Task A_payout_account_that_the_name_never_had_is_shown()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var (own, thief) = (TestKeys.Of(audited.Miner).Address, TestKeys.Of(Messages.Miner(9)).Address);
        var forged = await audited.ForgeFirstAsync(body => body
            .Replace($"\"payee\":\"{own}\"", $"\"payee\":\"{thief}\"", StringComparison.Ordinal)
            .Replace($"\"payout\":\"{own}\"", $"\"payout\":\"{thief}\"", StringComparison.Ordinal));
        var report = await audited.AuditHistoryAsync(forged);
        Assert.Empty(report.Differences);
        Assert.Equal($"{audited.Miner} was paid at {thief}; today it is paid at {own}", Assert.Single(report.Names.Changed).What);
        Assert.Equal((3, 2), (report.Names.Asked, report.Names.Same));
    }

    [Fact]
    public async Task Messages_that_were_signed_for_another_pool_count_for_nothing()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var other = Identity.EnsName.Parse("other.eth");
        var job = await TestNetwork.SignAsync(audited.Town.Messages.Job("2.5") with { Pool = other });
        var text = System.Text.Encoding.UTF8.GetString(job.Bytes.Span);
        var forged = await audited.ForgeFirstAsync(body =>
        {
            var at = body.IndexOf("\"snapshot\":", StringComparison.Ordinal) + 11;
            return body.Contains("\"type\":\"job\"", StringComparison.Ordinal)
                ? string.Concat(body.AsSpan(0, at), text, body.AsSpan(body.IndexOf("},\"facts\"", at, StringComparison.Ordinal)))
                : body;
        });
        await FindsAsync(audited, forged, alone: "its job was signed for the pool other.eth", history: "its job was signed for the pool other.eth");
    }

    /// <summary>What two readers may read in two ways is no record, whatever either makes of it.</summary>
    [Theory]
    [InlineData("\"facts\":{", "\"facts\":{},\"facts\":{")]
    [InlineData("\"at\":", "\"more\":1,\"at\":")]
    [InlineData("\"commit\":", "\"commit\": ")]
    public async Task A_record_in_another_spelling_is_found(string part, string by)
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var forged = await audited.ForgeFirstAsync(body => body.Contains("job_decided", StringComparison.Ordinal) ? body.Replace(part, by, StringComparison.Ordinal) : body);
        await FindsAsync(audited, forged, alone: "the one form", history: "the one form");
    }

    private static async Task FindsAsync(AuditedNetwork audited, Cid forged, string? alone, string history)
    {
        Assert.NotEqual(audited.First, forged);
        var one = await audited.AuditAloneAsync(forged);
        if (alone is null)
        {
            Assert.Empty(one.Differences);
        }
        else
        {
            Assert.Contains(one.Differences, difference => difference.Sequence > 0 && difference.What.Contains(alone, StringComparison.Ordinal));
        }

        var all = await audited.AuditHistoryAsync(forged);
        Assert.False(all.IsRight);
        Assert.Contains(all.Differences, difference => difference.Sequence > 0 && difference.What.Contains(history, StringComparison.Ordinal));
    }
}
