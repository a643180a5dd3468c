using System.Globalization;

namespace SwarmPool.Simulation.Running;

/// <summary>What many schedules came to. One writer at a time.</summary>
public sealed class Tally
{
    private readonly SortedDictionary<string, int> events = new(StringComparer.Ordinal);
    private readonly List<string> failed = [];

    /// <summary>How many schedules are over.</summary>
    public ulong Schedules { get; private set; }

    /// <summary>The pump's steps, all together.</summary>
    public long Steps { get; private set; }

    /// <summary>Records in the journals.</summary>
    public long Records { get; private set; }

    /// <summary>Jobs decided.</summary>
    public long Decided { get; private set; }

    /// <summary>How long they lasted for their parties.</summary>
    public double VirtualSeconds { get; private set; }

    /// <summary>The schedules that failed, with what was wrong first.</summary>
    public IReadOnlyList<string> Failed => failed;

    /// <summary>In how many schedules each kind of event occurs.</summary>
    public IReadOnlyDictionary<string, int> Events => events;

    /// <summary>Counts one.</summary>
    public void Add(Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        Schedules++;
        Steps += outcome.Steps;
        Records += outcome.Records;
        Decided += outcome.Decided;
        VirtualSeconds += outcome.VirtualSeconds;
        foreach (var e in outcome.Events)
        {
            events[e] = events.GetValueOrDefault(e) + 1;
        }

        if (outcome.Problems.Count > 0)
        {
            failed.Add($"seed {outcome.Seed}: {outcome.Problems[0]}");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Schedules} schedules, {failed.Count} failed: {Steps} steps, {Records} records, {Decided} jobs decided, {VirtualSeconds / 3600:0.0} h of virtual time; schedules in which an event occurs: {string.Join(", ", events.Select(e => $"{e.Key} {e.Value}"))}");
}
