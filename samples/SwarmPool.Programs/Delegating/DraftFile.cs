using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Delegating;

/// <summary>What is to be signed, kept beside where it will stand once it is: the text has a date and a nonce, and must not change in between.</summary>
internal static class DraftFile
{
    public static string Of(string path) => path + ".draft";

    public static void Write(string path, Snapshot draft) => OwnFile.Write(Of(path), SnapshotCodec.Canonical(draft));

    /// <exception cref="SwarmPoolException">SP1206: there is no draft, or it is not valid.</exception>
    public static T Read<T>(string path, string makeIt)
        where T : Snapshot
    {
        var draft = Of(path);
        var info = new FileInfo(draft);
        if (!info.Exists || info.Length > SnapshotCodec.MaxBytes)
        {
            throw new SwarmPoolException(ErrorCodes.DelegationUnusable, $"There is no draft {draft} that the signature could be for. First run '{makeIt}', and sign the text that it prints.");
        }

        return SnapshotCodec.TryDecode(File.ReadAllBytes(draft), out var snapshot, out var refusal) && snapshot.Body is T body
            ? body
            : throw new SwarmPoolException(ErrorCodes.DelegationUnusable, $"{draft} is not what '{makeIt}' writes: {refusal?.ToString() ?? "it is something else"}. Run that again.");
    }

    public static void Delete(string path) => File.Delete(Of(path));
}
