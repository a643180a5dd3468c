namespace SwarmPool.Tools.Sums;

/// <summary>How many sums a trained network adds rightly.</summary>
/// <param name="RightHeldOut">Of those that it never learned from.</param>
/// <param name="HeldOut">How many those are.</param>
/// <param name="Right">Of all.</param>
/// <param name="All">How many there are.</param>
/// <param name="RightCoarse">Of all, with 4 bits a weight.</param>
public sealed record SumsExam(int RightHeldOut, int HeldOut, int Right, int All, int RightCoarse);
