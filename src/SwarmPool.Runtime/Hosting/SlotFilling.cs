namespace SwarmPool.Runtime.Hosting;

/// <summary>A slot and who fills it; one a filled slot is registered as a service, for <c>status</c> and logs.</summary>
/// <param name="Slot">The slot's name for people, e.g. "transport".</param>
/// <param name="Contract">The slot's contract, e.g. <c>ITransport</c>.</param>
/// <param name="FilledBy">Who fills it, e.g. "Embedded transport".</param>
/// <param name="Plugin">The folder name of the plugin that fills it; null when that was done in code.</param>
public sealed record SlotFilling(string Slot, Type Contract, string FilledBy, string? Plugin = null);
