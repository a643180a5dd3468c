using System.Globalization;
using System.Text.RegularExpressions;
using SwarmPool.Programs.Client.Jobs;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Client;

namespace SwarmPool.Programs.Tests;

/// <summary>docs/configuration.md says of job files what they are read by: what it names as a range is one, and what it names as the default counts.</summary>
public sealed partial class JobFileKeysTests
{
    private static readonly Dictionary<string, string[]> Rows = Row().Matches(Section()).ToDictionary(
        static row => row.Groups["key"].Value, static row => row.Groups["cells"].Value.Split('|', StringSplitOptions.TrimEntries), StringComparer.Ordinal);

    [Fact]
    public void Every_key_is_there() => Assert.Equal(JobFileKeys.All, Rows.Keys);

    [Theory]
    [InlineData("deadline_seconds")]
    [InlineData("time_limit_seconds")]
    [InlineData("replicas")]
    public void A_range_ends_where_it_says(string key)
    {
        var ends = Rows[key][1].Replace(",", "", StringComparison.Ordinal).Split(" to ").Select(static end => long.Parse(end, CultureInfo.InvariantCulture)).ToList();
        Assert.NotNull(Read(key, ends[0]));
        Assert.NotNull(Read(key, ends[1]));
        Assert.Throws<AggregateException>(() => Read(key, ends[0] - 1));
        Assert.Throws<AggregateException>(() => Read(key, ends[1] + 1));
    }

    [Fact]
    public void A_default_is_what_counts()
    {
        var job = Read("replicas", 1);
        Assert.Equal(job.Deadline.TotalSeconds, double.Parse(Rows["deadline_seconds"][2].Split(' ')[0], CultureInfo.InvariantCulture));
        Assert.Equal("1", Rows["replicas"][2]);
        Assert.Null(job.TimeLimit);
    }

    private static JobSpec Read(string key, long value)
    {
        using var world = new World();
        world.Write("in.txt", "x");
        world.Write("job.json", $$"""{"job_type":"t","model":"m","input":"in.txt","payment":{"amount":"1"},"{{key}}":{{value}}}""");
        return JobFile.Read(world.PathOf("job.json"));
    }

    private static string Section()
    {
        var document = File.ReadAllText(Path.Combine(Verified.Root, "docs", "configuration.md"));
        return document.Split("\n## ").Single(static section => section.StartsWith("A job file\n", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^\| `(?<key>\w+)` \|(?<cells>.*)\|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
