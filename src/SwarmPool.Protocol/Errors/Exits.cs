namespace SwarmPool.Protocol.Errors;

/// <summary>The exit codes that error codes lead to, where the catalog can name them; the programs know them by the runtime's <c>ExitCodes</c>.</summary>
internal static class Exits
{
    public const int Usage = 2;
    public const int Configuration = 3;
    public const int Refused = 4;
    public const int JobFailed = 5;
    public const int GaveUp = 6;
    public const int Journal = 7;
    public const int Transport = 8;
    public const int LeaseLost = 9;
}
