namespace SwarmPool.Programs.Terminals;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its title, in capitals where titles are.</param>
/// <param name="IsNumber">Whether it is aligned at the right.</param>
public sealed record TableColumn(string Title, bool IsNumber = false);
