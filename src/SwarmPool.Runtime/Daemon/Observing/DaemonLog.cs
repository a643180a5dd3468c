using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Observing;

/// <summary>The daemon's log messages; event ids 3000 to 3199.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(3001, LogLevel.Warning, "Can't publish {Type} now (try {Attempt}): {Why}. It waits and is tried again")]
    public static partial void PublishWaits(ILogger logger, string type, int attempt, string why);

    [LoggerMessage(3002, LogLevel.Information, "Took the journal {Location}: term {Term}, {Records} records, {Replayed} of them replayed")]
    public static partial void JournalTaken(ILogger logger, string location, long term, long records, long replayed);

    [LoggerMessage(3003, LogLevel.Critical, "The daemon stops: {Why}")]
    public static partial void Stops(ILogger logger, Exception exception, string why);

    [LoggerMessage(3004, LogLevel.Information, "Signatures are checked by {Engine}")]
    public static partial void Engine(ILogger logger, string engine);

    [LoggerMessage(3030, LogLevel.Information, "Answers are judged by {Verifier}: {Asks}")]
    public static partial void Judges(ILogger logger, string verifier, string asks);

    [LoggerMessage(3005, LogLevel.Debug, "Dropped on {Topic}: {Refusal}")]
    public static partial void Dropped(ILogger logger, string topic, string refusal);

    [LoggerMessage(3006, LogLevel.Error, "{Epoch} stays closed and unsettled: {Refusal}. Its ledger is intact; it is tried again in {Seconds} s")]
    public static partial void Unsettled(ILogger logger, string epoch, string refusal, int seconds);

    [LoggerMessage(3007, LogLevel.Warning, "The state could not be published: {Why}")]
    public static partial void StateNotPublished(ILogger logger, string why);

    [LoggerMessage(3008, LogLevel.Warning, "The content {Cid} could not be pinned: {Why}")]
    public static partial void NotPinned(ILogger logger, string cid, string why);

    [LoggerMessage(3009, LogLevel.Error, "A {Type} could not be judged: {Why}. The sender will ask again")]
    public static partial void HandlingFailed(ILogger logger, Exception exception, string type, string why);

    [LoggerMessage(3010, LogLevel.Warning, "{Epoch} could not be published: {Why}. It is tried again in {Seconds} s")]
    public static partial void EpochNotPublished(ILogger logger, string epoch, string why, int seconds);

    [LoggerMessage(3012, LogLevel.Error, "An item of {Type} can't be announced and is left out: {Why}")]
    public static partial void NotSayable(ILogger logger, Exception exception, string type, string why);

    [LoggerMessage(3013, LogLevel.Warning, "The transport does not take what was decided up to record {Sequence}: it will be announced at the next start")]
    public static partial void Unsaid(ILogger logger, long sequence);

    [LoggerMessage(3014, LogLevel.Warning, "The journal's lease could not be given back: {Why}. It ends by itself")]
    public static partial void LeaseNotReleased(ILogger logger, string why);

    [LoggerMessage(3015, LogLevel.Warning, "The state's copy at record {Sequence} is not used: {Why}. The whole journal is replayed")]
    public static partial void CopyNotUsed(ILogger logger, long sequence, string why);

    [LoggerMessage(3016, LogLevel.Debug, "The content {Cid} could not be unpinned: {Why}. It stays")]
    public static partial void NotUnpinned(ILogger logger, string cid, string why);

    [LoggerMessage(3017, LogLevel.Warning, "The pool's public files could not be brought up to date: {Why}. It is tried again with the next state")]
    public static partial void FaceBehind(ILogger logger, Exception exception, string why);

    [LoggerMessage(3018, LogLevel.Information, "Stands by: the journal {Location} is held by {Leader}; applied up to record {Sequence}")]
    public static partial void StandsBy(ILogger logger, string location, string leader, long sequence);

    [LoggerMessage(3019, LogLevel.Warning, "The journal can't be followed now: {Why} It is tried again")]
    public static partial void CannotFollow(ILogger logger, string why);

    [LoggerMessage(3020, LogLevel.Warning, "The journal's lease could not be renewed: {Why} It is tried again; beyond the lease nothing is decided or said meanwhile")]
    public static partial void RenewalFails(ILogger logger, string why);

    [LoggerMessage(3021, LogLevel.Warning, "The delegation by which this daemon signs ends at {Ends:u}: it will stop shortly before. Delegate anew with 'swarmpool delegate', and restart it with the new file")]
    public static partial void DelegationEnds(ILogger logger, DateTimeOffset ends);

    [LoggerMessage(3022, LogLevel.Warning, "The revocation {Cid} could not be said again: {Why}. It is tried again in a while")]
    public static partial void RevocationUnsaid(ILogger logger, string cid, string why);

    [LoggerMessage(3023, LogLevel.Warning, "What the leader publishes can't be heard now: {Why} It is tried again; a take-over may have to look for the pool's last state")]
    public static partial void StatesNotHeard(ILogger logger, string why);

    [LoggerMessage(3024, LogLevel.Warning, $"{ErrorCodes.ClockJumped}: this machine's clock is {{Seconds:0.0}} s off where it should be: {{Phase}}")]
    public static partial void ClockJumped(ILogger logger, double seconds, ClockJumpPhase phase);

    [LoggerMessage(3025, LogLevel.Warning, "The jump of the clock can't be kept beside the journal: {Why} 'swarmpool status' won't show it")]
    public static partial void ClockJumpNotKept(ILogger logger, string why);

    [LoggerMessage(3040, LogLevel.Warning, $"{ErrorCodes.BoundPackMissing}: the manifest of the pack {{Cid}} that 'models' binds {{Alias}} to can't be had: {{Why}} What proofs name as that model's hash is not compared until a start of the daemon that has it")]
    public static partial void PackMissing(ILogger logger, string alias, string cid, string why);

    [LoggerMessage(3041, LogLevel.Warning, "The pack {Cid} of {Alias} has {Count} files and does not say which hash is the model's (numeric_class.model_sha256); of more than {Most} what proofs name is not compared")]
    public static partial void PackSaysNoModel(ILogger logger, string alias, string cid, int count, int most);

    [LoggerMessage(3042, LogLevel.Warning, "The pack {Cid} is not pinned: {Why} It is tried again in a while")]
    public static partial void PackNotPinned(ILogger logger, string cid, string why);

    [LoggerMessage(3011, LogLevel.Information, "Announcing again what was decided from record {From} on")]
    public static partial void AnnouncingAgain(ILogger logger, long from);

    [LoggerMessage(3043, LogLevel.Warning, "{Why} It says nothing of anybody, and they are compared again")]
    public static partial void NotCompared(ILogger logger, string why);
}
