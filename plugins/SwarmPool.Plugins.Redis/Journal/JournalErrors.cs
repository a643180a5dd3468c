using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Journal;

/// <summary>Translates what a server and the scripts answer to the journal's errors, with the fix.</summary>
internal static class JournalErrors
{
    /// <summary>Runs a call; what the server does wrong comes out as a <see cref="JournalException"/>.</summary>
    /// <param name="location">Where the journal is.</param>
    /// <param name="doing">What was being done, e.g. "reading".</param>
    /// <param name="call">The call.</param>
    /// <param name="inDoubt">What to say when it is unknown whether it was done; null when that does not matter.</param>
    public static async Task<T> NamedAsync<T>(string location, string doing, Func<Task<T>> call, string? inDoubt = null)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (ServerFault.Is(e) && e is not ObjectDisposedException)
        {
            var serverFault = ServerFault.Of(e);
            var fault = serverFault.Kind is ServerFaultKind.NoRoom or ServerFaultKind.NotWritable ? JournalFault.NoRoom : JournalFault.Unavailable;
            var doubt = inDoubt is not null && serverFault.Kind == ServerFaultKind.Unreachable ? $" {inDoubt}" : "";
            throw new JournalException(fault, $"The journal {location} failed while {doing}: {serverFault.Reason}; {serverFault.Fix}.{doubt}", ServerFault.Cause(e));
        }
    }

    /// <summary>Throws what a script refused; returns when it did what it was asked.</summary>
    public static void Check(string location, long fence, RedisResult[] answer)
    {
        if ((string?)answer[0] != "ok")
        {
            throw Refused(location, fence, answer);
        }
    }

    /// <summary>What a script refused.</summary>
    public static JournalException Refused(string location, long fence, RedisResult[] answer)
    {
        var detail = answer.Length > 1 ? (string?)answer[1] ?? "" : "";
        return (string?)answer[0] switch
        {
            "stale" => Stale(location, fence, detail),
            "next" => NotNext(location, detail),
            "damaged" => Damaged(location, detail),
            var other => new JournalException(JournalFault.Damaged, $"The journal {location} answered '{other}', which its scripts never answer."),
        };
    }

    public static JournalException Stale(string location, long fence, string current) => new(
        JournalFault.StaleFence,
        $"The lease {fence} on the journal {location} is over: {(current is "" or "0" ? "it was released" : $"lease {current} is the one that counts")}. This writer must stop.");

    public static JournalException NotNext(string location, string head) =>
        new(JournalFault.NotNext, $"The batch does not follow the head of the journal {location}, which is {head}. Read the head again; nothing was appended.");

    public static JournalException Damaged(string location, string what) =>
        new(JournalFault.Damaged, $"The journal {location} is damaged: {what}. Keep a copy of the server's files, then restore the newest backup or a replica.");

    public static JournalException Missing(string location) =>
        new(JournalFault.Unavailable, $"There is no journal {location}. Start the daemon once, or fix the options 'configuration' and 'pool'.");
}
