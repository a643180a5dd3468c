using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Miner;

/// <summary>The miner's log messages; event ids 4000 to 4099.</summary>
internal static partial class MinerLog
{
    [LoggerMessage(4001, LogLevel.Information, "{Miner} mines for {Pool}: {Models}")]
    public static partial void Started(ILogger logger, string miner, string pool, string models);

    [LoggerMessage(4002, LogLevel.Debug, "A heartbeat could not be sent: {Why}. The next one makes it good")]
    public static partial void HeartbeatLost(ILogger logger, string why);

    [LoggerMessage(4003, LogLevel.Warning, "Job {Job} could not be done here and is given back: {Why}")]
    public static partial void JobFailed(ILogger logger, Exception exception, string job, string why);

    [LoggerMessage(4004, LogLevel.Error, "The backend did not end its run of job {Job} within {Seconds} s of being cancelled; it is left behind. Restart the miner if it goes on")]
    public static partial void BackendHangs(ILogger logger, string job, double seconds);

    [LoggerMessage(4005, LogLevel.Debug, "A run that was left behind ended: {Why}")]
    public static partial void LeftBehindEnded(ILogger logger, string why);

    [LoggerMessage(4006, LogLevel.Warning, "{What} could not be stored: {Why}. It is tried again")]
    public static partial void NotStored(ILogger logger, string what, string why);

    [LoggerMessage(4007, LogLevel.Warning, "The pay of {Epoch} can't be read: {Why}")]
    public static partial void EpochUnreadable(ILogger logger, string epoch, string why);

    [LoggerMessage(4008, LogLevel.Debug, "A page of waiting jobs can't be read: {Why}. The next state makes it good")]
    public static partial void PageUnreadable(ILogger logger, string why);

    [LoggerMessage(4009, LogLevel.Warning, "The pool does not know {Miner} ({Why}); it registers again")]
    public static partial void RegistersAgain(ILogger logger, string miner, string why);

    [LoggerMessage(4010, LogLevel.Error, "The pool published two different states for term {Term}, position {Sequence}: evidence against its operator")]
    public static partial void Equivocation(ILogger logger, long term, long sequence);

    [LoggerMessage(4011, LogLevel.Information, "Stopping: {Running} jobs get {Seconds} s to end")]
    public static partial void Draining(ILogger logger, int running, int seconds);

    [LoggerMessage(4013, LogLevel.Warning, "The delegation by which this miner signs ends at {Ends:u}: it will stop shortly before. Delegate anew with 'swarm-miner delegate', and restart it with the new file")]
    public static partial void DelegationEnds(ILogger logger, DateTimeOffset ends);

    [LoggerMessage(4014, LogLevel.Warning, $"{ErrorCodes.MinerNameTaken}: another program mines as {{Miner}}, started at {{Since:u}}. This one goes on: {{GoesOn}}")]
    public static partial void SameName(ILogger logger, string miner, DateTimeOffset since, bool goesOn);

    [LoggerMessage(4015, LogLevel.Warning, "Heartbeats can't be heard: {Why} Another program of this miner's name would not be noticed")]
    public static partial void SameNameUnheard(ILogger logger, string why);

    [LoggerMessage(4016, LogLevel.Warning, "The pack {Model} ({Cid}) is not offered: the backend loads another model of that name (SHA-256 {Sha256}). 'swarm-miner models verify' says what differs; a model of several files states its hash in pack.json (numeric_class.model_sha256)")]
    public static partial void PackDiffers(ILogger logger, string model, string cid, string sha256);

    [LoggerMessage(4017, LogLevel.Warning, "Finished work in {File} can't be read: {Why} It stays there, and is not shown to the pool")]
    public static partial void WorkUnreadable(ILogger logger, string file, string why);

    [LoggerMessage(4018, LogLevel.Warning, "{File} can't be put aside or removed: {Why}")]
    public static partial void WorkNotRemoved(ILogger logger, string file, string why);

    [LoggerMessage(4019, LogLevel.Debug, "It could not be asked whether job {Job} is to be shown now: {Why}. It is asked again")]
    public static partial void NotAsked(ILogger logger, string job, string why);

    [LoggerMessage(4040, LogLevel.Error, "The model {Model} is not offered: {Why}")]
    public static partial void NotOffered(ILogger logger, string model, string why);

    [LoggerMessage(4041, LogLevel.Warning, "The backend does not say what it has now: {Why}. What was registered stays")]
    public static partial void NotDescribed(ILogger logger, string why);

    [LoggerMessage(4042, LogLevel.Error, $"{ErrorCodes.ModelEndsProcess}: the model {{Model}} is not offered any more until the miner is restarted: {{Why}}")]
    public static partial void ModelWithdrawn(ILogger logger, string model, string why);

    [LoggerMessage(4012, LogLevel.Critical, "The miner stops: {Why}")]
    public static partial void Stops(ILogger logger, Exception exception, string why);
}
