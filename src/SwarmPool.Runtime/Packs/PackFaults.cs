using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Packs;

/// <summary>What is wrong with a pack, as an exception: one of them, or all at once.</summary>
internal static class PackFaults
{
    public static Exception Of(IReadOnlyList<Refusal> refusals) => refusals.Count == 1
        ? Of(refusals[0])
        : new AggregateException(refusals.Select(Of));

    public static SwarmPoolException Of(Refusal refusal) => new(refusal.Code, refusal.Reason);

    public static void Require(IReadOnlyList<Refusal> refusals)
    {
        if (refusals.Count > 0)
        {
            throw Of(refusals);
        }
    }

    /// <summary>A file system's fault with a folder of this machine's.</summary>
    public static SwarmPoolException Folder(string folder, Exception fault) =>
        new(ErrorCodes.PackFolderUnusable, $"{folder} can't be used: {fault.Message}", fault);

    public static bool IsFiles(Exception fault) => fault is IOException or UnauthorizedAccessException;
}
