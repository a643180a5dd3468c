namespace SwarmPool.Simulation;

/// <summary>What came of a schedule: one line of JSON from the process that ran it.</summary>
/// <param name="Seed">What says all that happens in it.</param>
/// <param name="Problems">What must not be, each with its virtual time; empty when all held.</param>
/// <param name="Trace">A hash over every message, stored content and record: equal for equal runs.</param>
/// <param name="Steps">How many steps the pump took.</param>
/// <param name="VirtualSeconds">How long it lasted for the parties.</param>
/// <param name="Records">The journal's length.</param>
/// <param name="Decided">Jobs paid for.</param>
/// <param name="Events">The kinds of events in the journal.</param>
/// <param name="Last">What happened last, line by line, when that was asked for.</param>
public sealed record Outcome(
    ulong Seed, IReadOnlyList<string> Problems, string Trace, long Steps, double VirtualSeconds, long Records, long Decided, IReadOnlyCollection<string> Events, IReadOnlyList<string> Last);
